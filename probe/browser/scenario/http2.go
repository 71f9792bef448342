package scenario

import (
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// An h2 is one HTTP/2 connection of a browser: as much of the protocol as a
// scenario needs, with the fields of each request in the order of the wire.
type h2 struct {
	fr      *http2.Framer
	mu      sync.Mutex // of writing
	streams map[uint32]*incoming
	wait    sync.WaitGroup
}

// serveHTTP2 answers the requests of one connection until it ends.
func (s *Servers) serveHTTP2(place string, conn net.Conn) {
	defer conn.Close()
	preface := make([]byte, len(http2.ClientPreface))
	if _, err := io.ReadFull(conn, preface); err != nil || string(preface) != http2.ClientPreface {
		return
	}
	c := &h2{fr: http2.NewFramer(conn, conn), streams: map[uint32]*incoming{}}
	c.fr.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	defer c.wait.Wait()
	if c.write(func() error { return c.fr.WriteSettings() }) != nil {
		return
	}
	for {
		conn.SetReadDeadline(time.Now().Add(10 * time.Minute))
		frame, err := c.fr.ReadFrame()
		if err != nil {
			return
		}
		if err := c.take(frame, func(id uint32, in *incoming) { s.reply(place, c, id, in) }); err != nil {
			return
		}
	}
}

// take reads one frame; a request that is complete is answered.
func (c *h2) take(frame http2.Frame, answer func(uint32, *incoming)) error {
	switch f := frame.(type) {
	case *http2.MetaHeadersFrame:
		in := incomingOf(f)
		c.streams[f.StreamID] = in
		if f.StreamEnded() {
			c.finish(f.StreamID, answer)
		}
	case *http2.DataFrame:
		in := c.streams[f.StreamID]
		if in == nil {
			return nil
		}
		in.body = append(in.body, f.Data()...)
		if err := c.widen(f); err != nil {
			return err
		}
		if f.StreamEnded() {
			c.finish(f.StreamID, answer)
		}
	case *http2.SettingsFrame:
		if !f.IsAck() {
			return c.write(c.fr.WriteSettingsAck)
		}
	case *http2.PingFrame:
		if data := f.Data; !f.IsAck() {
			return c.write(func() error { return c.fr.WritePing(true, data) })
		}
	}
	return nil
}

// widen gives back the room in the windows that a frame took.
func (c *h2) widen(f *http2.DataFrame) error {
	n := f.Length
	if n == 0 {
		return nil
	}
	return c.write(func() error {
		if err := c.fr.WriteWindowUpdate(0, n); err != nil || f.StreamEnded() {
			return err
		}
		return c.fr.WriteWindowUpdate(f.StreamID, n)
	})
}

func (c *h2) finish(id uint32, answer func(uint32, *incoming)) {
	in := c.streams[id]
	delete(c.streams, id)
	c.wait.Add(1)
	go func() { // an errand of the harness may take as long as a browser's work
		defer c.wait.Done()
		answer(id, in)
	}()
}

func (c *h2) write(frame func() error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return frame()
}

// incomingOf reads a request. Its authority stands where HTTP/1.1 has Host.
func incomingOf(f *http2.MetaHeadersFrame) *incoming {
	in := &incoming{http2: true}
	for _, field := range f.Fields {
		switch field.Name {
		case ":method":
			in.method = field.Value
		case ":path":
			in.target = field.Value
		case ":authority":
			in.lines = append(in.lines, [2]string{"Host", field.Value})
		case ":scheme":
		default:
			in.lines = append(in.lines, [2]string{field.Name, field.Value})
		}
	}
	return in
}

// reply sends the answer as HEADERS and DATA. What HTTP/2 forbids in a message,
// Connection and the like, is left out.
func (s *Servers) reply(place string, c *h2, id uint32, in *incoming) {
	m := s.respond(place, in)
	var block strings.Builder
	enc := hpack.NewEncoder(&block)
	enc.SetMaxDynamicTableSizeLimit(0) // each answer stands for itself
	enc.WriteField(hpack.HeaderField{Name: ":status", Value: strconv.Itoa(m.status)})
	for _, line := range m.lines {
		name := strings.ToLower(line[0])
		if connectionSpecific[name] {
			continue
		}
		enc.WriteField(hpack.HeaderField{Name: name, Value: strings.Trim(line[1], " \t")})
	}
	_ = c.write(func() error { // the browser may have gone
		if err := c.fr.WriteHeaders(http2.HeadersFrameParam{
			StreamID: id, BlockFragment: []byte(block.String()), EndHeaders: true, EndStream: len(m.body) == 0,
		}); err != nil || len(m.body) == 0 {
			return err
		}
		for rest := m.body; ; {
			n := min(len(rest), 16<<10)
			if err := c.fr.WriteData(id, n == len(rest), rest[:n]); err != nil || n == len(rest) {
				return err
			}
			rest = rest[n:]
		}
	})
}

var connectionSpecific = map[string]bool{
	"connection": true, "keep-alive": true, "proxy-connection": true, "transfer-encoding": true, "upgrade": true,
}
