//go:build unix

package browser

import (
	"context"
	"os"
	"os/exec"
	"syscall"
)

// A process is a browser with everything that it starts, and its folder.
type process struct {
	dir  string
	cmd  *exec.Cmd
	done chan struct{}
}

// start runs the command in a process group of its own, which stop ends.
func (p *process) start(ctx context.Context, cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	p.cmd, p.done = cmd, make(chan struct{})
	go func() {
		cmd.Wait()
		close(p.done)
	}()
	context.AfterFunc(ctx, p.kill)
	return nil
}

func (p *process) kill() {
	syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
}

func (p *process) stop() {
	if p.cmd != nil {
		p.kill()
		<-p.done
	}
	os.RemoveAll(p.dir)
}
