package fix

// The ways out where the server is somebody else's: a proxy on the page's own
// origin, for which no CORS applies. The page then asks for /api and the rest
// of the path.

// devNote says what a development proxy is not.
const devNote = "For development: the page asks for /api{{.Path}} on its own origin. In production the page's own server has to do the same.\n"

// dev is the one change of a development proxy.
func dev(place, code string) []change {
	return everything(devNote+place, code)
}

var vite = Stack{
	Key: "vite", Name: "Vite development server", Kind: DevProxy, comment: "//",
	changes: dev(`vite.config.js:`, `
import { defineConfig } from 'vite';

export default defineConfig({
  server: {
    proxy: {
      '/api': {
        target: {{js .Base}},
        changeOrigin: true,
        headers: { origin: {{js .Base}} }, // servers refuse a POST from an origin that they do not know
        rewrite: (path) => path.replace(/^\/api/, ''),
      },
    },
  },
});`),
}

var nextjs = Stack{
	Key: "nextjs", Name: "Next.js", Aliases: []string{"next"}, Kind: DevProxy, comment: "//",
	changes: dev(`next.config.mjs:`, `
export default {
  async rewrites() {
    return [{ source: '/api/:path*', destination: {{js (print .Base "/:path*")}} }];
  },
};`),
}

var angular = Stack{
	Key: "angular", Name: "Angular CLI", Aliases: []string{"ng"}, Kind: DevProxy, comment: "//",
	changes: dev(`src/proxy.conf.mjs, named as proxyConfig in the serve options of angular.json:`, `
export default {
  '/api': {
    target: {{js .Base}},
    changeOrigin: true,
    headers: { origin: {{js .Base}} }, // servers refuse a POST from an origin that they do not know
    secure: true,
    pathRewrite: { '^/api': '' },
  },
};`),
}

var nginxProxy = Stack{
	Key: "nginx-proxy", Name: "nginx in front of the page", Kind: DevProxy, comment: "#", unquotable: "$",
	changes: dev(`In the server { } that serves the page:`, `
location /api/ {
    proxy_pass {{raw .Base}}/;
    proxy_ssl_server_name on;
    proxy_set_header Origin "";
}`),
}
