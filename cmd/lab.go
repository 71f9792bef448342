package cmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/corscheck/corscheck/probe/lab"
)

// newLabCmd serves the lab until it is interrupted.
func newLabCmd(e *env) *cobra.Command {
	var listen string
	c := &cobra.Command{
		Use:     "lab",
		GroupID: "more",
		Short:   "Serve one route for each way in which CORS goes wrong",
		Long: `Serve the lab: one route for each way in which CORS goes wrong, and the sound
configurations beside them. It takes three ports, as redirects need three
origins: the given one is the page's, the next two are foreign.`,
		Example: "  corscheck lab\n  corscheck http://127.0.0.1:8091/preflight-status -X PUT -o http://127.0.0.1:8090",
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			ctx, stop := e.interruptible(context.Background())
			defer stop()
			return runLab(ctx, e, listen)
		},
	}
	c.Flags().StringVar(&listen, "listen", "127.0.0.1:8090", "`address` of the first of three ports; port 0 takes free ones")
	return c
}

func runLab(ctx context.Context, e *env, listen string) error {
	server, err := lab.Start(listen)
	if err != nil {
		return usagef("--listen: %w", err).withHint("the lab needs three free ports in a row; --listen 127.0.0.1:0 finds some")
	}
	defer server.Close()
	o := server.Origins
	fmt.Fprintf(e.stdout, "%s/          the page's origin, and the list of routes\n", o.Page)
	fmt.Fprintf(e.stdout, "%s/ROUTE     the target\n", o.Other)
	fmt.Fprintf(e.stdout, "%s/          a third origin, for redirects\n", o.Third)
	fmt.Fprintf(e.stdout, "\nTry: corscheck %s/no-cors-headers -o %s\nCtrl-C ends the lab.\n", o.Other, o.Page)
	// The signal is how a server is meant to end, so it is no interruption.
	return server.Wait(ctx)
}

// noArguments is the Args of a command that takes none.
func noArguments(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%s takes no argument, and got %q", c.Name(), args[0])
	}
	return nil
}
