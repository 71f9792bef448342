//go:build !unix

package browser

import (
	"context"
	"os"
	"os/exec"
)

// A process is a browser and its folder.
type process struct {
	dir  string
	cmd  *exec.Cmd
	done chan struct{}
}

// start runs the command. What it starts itself ends with it where the system
// sees to that.
func (p *process) start(ctx context.Context, cmd *exec.Cmd) error {
	if err := cmd.Start(); err != nil {
		return err
	}
	p.cmd, p.done = cmd, make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(p.done)
	}()
	context.AfterFunc(ctx, p.kill)
	return nil
}

func (p *process) kill() { _ = p.cmd.Process.Kill() }

func (p *process) stop() {
	if p.cmd != nil {
		p.kill()
		<-p.done
	}
	os.RemoveAll(p.dir)
}
