package fix

import "github.com/corscheck/corscheck/probe/finding"

var spring = Stack{
	Key: "spring", Name: "Spring Boot with Spring Security", Aliases: []string{"spring-boot", "spring-security"}, Kind: Framework, comment: "//",
	Marks: []Mark{
		body("=Invalid CORS request", finding.High),
		shape("an error in Spring Boot's form", finding.High, func(a answer) bool {
			return matches(a.text, `^{"timestamp":`) && matches(a.text, `"status":`) && matches(a.text, `"path":`)
		}),
		body("Whitelabel Error Page", finding.High),
		header("set-cookie", "jsessionid=", finding.Low),
		shape("three Vary lines and the headers of Spring Security", finding.Medium, func(a answer) bool {
			return a.has("x-xss-protection") && a.is("cache-control", "no-cache, no-store, max-age=0, must-revalidate")
		}),
	},
	changes: []change{
		{ids: ids("login-redirect"), parts: parts(
			`In the SecurityFilterChain: an API answers 401 where a page would be sent to a login.`, `
http.exceptionHandling(e -> e.authenticationEntryPoint(new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED)));`)},
		{parts: parts(
			`In the SecurityFilterChain, which then answers the preflight before it asks for a login:`,
			`http.cors(Customizer.withDefaults());`,
			`In a @Configuration class; the name of the bean is what Spring Security looks for. Without Spring Security, a bean new CorsFilter(corsConfigurationSource()) takes the place of http.cors:`, `
@Bean
UrlBasedCorsConfigurationSource corsConfigurationSource() {
    CorsConfiguration cors = new CorsConfiguration();
    cors.setAllowedOrigins(List.of({{java .Origin}}));
    cors.setAllowedMethods(List.of({{javaList .Methods}}));
{{- if .Headers}}
    cors.setAllowedHeaders(List.of({{javaList .Headers}}));{{end}}
{{- if .Expose}}
    cors.setExposedHeaders(List.of({{javaList .Expose}}));{{end}}
{{- if .Credentials}}
    cors.setAllowCredentials(true);{{end}}
{{- if .MaxAge}}
    cors.setMaxAge(Duration.ofSeconds({{.MaxAge}}));{{end}}
    UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
    source.registerCorsConfiguration("/**", cors);
    return source;
}`)},
	},
}
