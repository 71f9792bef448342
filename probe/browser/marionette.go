package browser

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"
)

// marionette is a client of Firefox's remote protocol: frames of a length, a
// colon and JSON over TCP.
type marionette struct {
	conn net.Conn
	r    *bufio.Reader
	mu   sync.Mutex
	id   int
}

func dialMarionette(addr string) (*marionette, error) {
	conn, err := net.DialTimeout("tcp", addr, 5*time.Second)
	if err != nil {
		return nil, err
	}
	m := &marionette{conn: conn, r: bufio.NewReader(conn)}
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := m.frame(); err != nil { // the greeting
		conn.Close()
		return nil, err
	}
	return m, nil
}

const maxFrame = 64 << 20

func (m *marionette) frame() ([]byte, error) {
	length, err := m.r.ReadString(':')
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(strings.TrimSuffix(length, ":"))
	if err != nil || n < 0 || n > maxFrame {
		return nil, fmt.Errorf("marionette: bad frame length %q", length)
	}
	b := make([]byte, n)
	_, err = io.ReadFull(m.r, b)
	return b, err
}

// call sends one command and reads its answer into out.
func (m *marionette) call(command string, params, out any) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.id++
	b, err := json.Marshal([]any{0, m.id, command, params})
	if err != nil {
		return err
	}
	m.conn.SetDeadline(time.Now().Add(30 * time.Second))
	if _, err := fmt.Fprintf(m.conn, "%d:%s", len(b), b); err != nil {
		return err
	}
	b, err = m.frame()
	if err != nil {
		return fmt.Errorf("marionette %s: %w", command, err)
	}
	var answer [4]json.RawMessage
	if err := json.Unmarshal(b, &answer); err != nil {
		return fmt.Errorf("marionette %s: %w", command, err)
	}
	var failure *struct{ Error, Message string }
	if err := json.Unmarshal(answer[2], &failure); err != nil {
		return fmt.Errorf("marionette %s: %w", command, err)
	}
	if failure != nil {
		return errors.New("marionette " + command + ": " + failure.Error + ": " + failure.Message)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer[3], out)
}

// script runs a function body in the browser's own context.
func (m *marionette) script(body string, out any) error {
	value := struct{ Value any }{out}
	return m.call("WebDriver:ExecuteScript", map[string]any{"script": body, "args": []any{}}, &value)
}
