package wire

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/corscheck/corscheck/probe/fetch"
)

var update = flag.Bool("update", false, "write what net/http makes of each answer into testdata/answers.json")

const answersFile = "testdata/answers.json"

// answers are odd answers and what a browser made of each, as it was measured:
// a page fetched each of them from its own origin, and read all it could.
type answers struct {
	Browser string   `json:"browser"`
	Answers []answer `json:"answers"`
}

type answer struct {
	Name     string `json:"name"`
	Method   string `json:"method,omitempty"`   // GET unless given
	Answer   string `json:"answer"`             // each character is a byte; what is in <<>> comes Repeat times
	Repeat   int    `json:"repeat,omitempty"`   //
	Open     bool   `json:"open,omitempty"`     // the server leaves the connection open
	Redirect bool   `json:"redirect,omitempty"` // the browser's outcome is that of the redirect's target

	Chromium       outcome  `json:"chromium"`
	ChromiumReused *outcome `json:"chromiumReused,omitempty"` // on a kept connection, where that differs
	ChromiumPort80 *outcome `json:"chromiumPort80,omitempty"` // on the scheme's own port
	Port80         bool     `json:"port80,omitempty"`

	NetHTTP string `json:"nethttp,omitempty"` // how net/http departs from Chromium
}

// outcome is what a script sees.
type outcome struct {
	Status    int         `json:"status,omitempty"`
	Headers   [][2]string `json:"headers,omitempty"` // combined and sorted; "(n)" is a value of n bytes
	Body      string      `json:"body,omitempty"`
	BodyError bool        `json:"bodyError,omitempty"`
	Error     string      `json:"error,omitempty"`
}

func (o outcome) String() string {
	b, _ := json.Marshal(o)
	return string(b)
}

func (a *answer) bytes() []byte {
	text := a.Answer
	if before, rest, ok := strings.Cut(text, "<<"); ok {
		part, after, _ := strings.Cut(rest, ">>")
		text = before + strings.Repeat(part, a.Repeat) + after
	}
	b := make([]byte, 0, len(text))
	for _, r := range text {
		b = append(b, byte(r))
	}
	return b
}

func loadAnswers(t testing.TB) answers {
	t.Helper()
	data, err := os.ReadFile(answersFile)
	if err != nil {
		t.Fatal(err)
	}
	var a answers
	if err := json.Unmarshal(data, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAnswersAsChromium(t *testing.T) {
	for _, a := range loadAnswers(t).Answers {
		t.Run(a.Name, func(t *testing.T) {
			check(t, "a new connection", a.Chromium, exchange(t, &a, false, false))
			if a.ChromiumReused != nil {
				check(t, "a kept connection", *a.ChromiumReused, exchange(t, &a, true, false))
			} else {
				check(t, "a kept connection", a.Chromium, exchange(t, &a, true, false))
			}
			if a.ChromiumPort80 != nil {
				check(t, "port 80", *a.ChromiumPort80, exchange(t, &a, false, true))
			}
		})
	}
}

func check(t *testing.T, where string, want, got outcome) {
	t.Helper()
	if want.String() != got.String() {
		t.Errorf("%s: got  %s\nwant %s", where, got, want)
	}
}

// exchange lets the reader read an answer from a connection.
func exchange(t *testing.T, a *answer, kept, port80 bool) outcome {
	var conns atomic.Int32
	server := rawServer(t, func(conn net.Conn, r *bufio.Reader) {
		if conns.Add(1) == 1 && kept {
			readRequest(r)
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		}
		readRequest(r)
		conn.Write(a.bytes())
		if a.Open {
			readRequest(r)
		}
	})
	c := newClient(t, Options{})
	m := get(server, "/")
	if kept {
		mustSend(t, c, m)
	}
	m.Method = cmp.Or(a.Method, "GET")
	if port80 { // nobody may listen there: make the connection by hand
		h, err := c.enter(get("http://127.0.0.1:80", "/"))
		if err != nil {
			t.Fatal(err)
		}
		conn, err := net.Dial("tcp", strings.TrimPrefix(server, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		var x Exchange
		x.Response, x.Failure = newH1(c, origin{host: h}, conn, conn).roundTrip(t.Context(), m, &x.Facts)
		return asScript(x, a)
	}
	x := send(t, c, m)
	if again := conns.Load() > 1; again != (kept && a.Answer == "") {
		t.Fatalf("sent again: %v", again)
	} else if kept && !again && !x.Facts.Reused {
		t.Fatal("the kept connection was not used")
	}
	return asScript(x, a)
}

// asScript is what fetch() shows of an exchange.
func asScript(x Exchange, a *answer) outcome {
	if x.Failure != nil {
		return outcome{Error: x.Failure.Code}
	}
	if a.Redirect && x.Response.Status/100 == 3 {
		return a.Chromium
	}
	return scriptView(x.Response.Status, x.Response.Headers, x.Response.Body, x.Facts.BodyEnd != "")
}

func scriptView(status int, lines []fetch.Header, body []byte, broken bool) outcome {
	o := outcome{Status: int(uint16(status)), BodyError: broken}
	if !broken {
		o.Body = latin1(string(body))
	}
	values := map[string][]string{}
	for _, h := range lines {
		name := strings.ToLower(h.Name)
		values[name] = append(values[name], latin1(h.Value))
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		o.Headers = append(o.Headers, [2]string{name, strings.Join(values[name], ", ")})
	}
	for i := range o.Headers {
		if n := len(o.Headers[i][1]); n > 200 {
			o.Headers[i][1] = fmt.Sprintf("(%d)", n)
		}
	}
	return o
}

func latin1(s string) string {
	r := make([]rune, len(s))
	for i := range len(s) {
		r[i] = rune(s[i])
	}
	return string(r)
}

// TestAnswersAsNetHTTP shows why the package does not read HTTP/1 with
// net/http: it fails once net/http sees what Chromium sees.
func TestAnswersAsNetHTTP(t *testing.T) {
	log.SetOutput(io.Discard) // net/http logs what comes after an answer
	defer log.SetOutput(os.Stderr)
	table := loadAnswers(t)
	departures := 0
	for i := range table.Answers {
		a := &table.Answers[i]
		got := netHTTP(t, a)
		a.NetHTTP = ""
		switch {
		case got.String() == a.Chromium.String(), a.Redirect:
		case got.Error != "" && a.Chromium.Error != "": // in other words
		case got.Error != "":
			a.NetHTTP = "refuses: " + got.Error
		default:
			a.NetHTTP = "sees " + got.String()
		}
		if a.NetHTTP != "" {
			departures++
			t.Logf("%s: net/http %s", a.Name, a.NetHTTP)
		}
	}
	if departures == 0 {
		t.Error("net/http reads all answers as Chromium does: this package's own reader is needed no more")
	}
	if *update {
		writeAnswers(t, table)
	}
}

func netHTTP(t *testing.T, a *answer) outcome {
	server := rawServer(t, func(conn net.Conn, r *bufio.Reader) {
		readRequest(r)
		conn.Write(a.bytes())
		if a.Open {
			readRequest(r)
		}
	})
	transport := &http.Transport{DisableCompression: true}
	defer transport.CloseIdleConnections()
	req, err := http.NewRequestWithContext(t.Context(), cmp.Or(a.Method, "GET"), server, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := transport.RoundTrip(req)
	if err != nil {
		text := strings.ReplaceAll(err.Error(), strings.TrimPrefix(server, "http://"), "server")
		return outcome{Error: text[:min(len(text), 120)]}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	var lines []fetch.Header
	for name, values := range res.Header {
		for _, v := range values {
			lines = append(lines, fetch.Header{Name: name, Value: v})
		}
	}
	if len(res.TransferEncoding) > 0 { // net/http takes it out of the header
		lines = append(lines, fetch.Header{Name: "Transfer-Encoding", Value: strings.Join(res.TransferEncoding, ", ")})
	}
	return scriptView(res.StatusCode, lines, body, err != nil)
}

func writeAnswers(t *testing.T, table answers) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n\"browser\": %q,\n\"answers\": [\n", table.Browser)
	for i, a := range table.Answers {
		line, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(line)
		if i < len(table.Answers)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString("]}\n")
	if err := os.WriteFile(answersFile, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// rawServer serves each connection with a function of bytes, and closes it when
// the function returns. It returns the server's URL.
func rawServer(t testing.TB, serve func(net.Conn, *bufio.Reader)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				serve(conn, bufio.NewReader(conn))
				// Close only after the peer, so that nothing it has not read is lost.
				conn.(*net.TCPConn).CloseWrite()
				conn.SetReadDeadline(time.Now().Add(2 * time.Second))
				io.Copy(io.Discard, conn)
				conn.Close()
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

// readRequest reads one request and returns its lines; nil at the end.
func readRequest(r *bufio.Reader) []string {
	var lines []string
	length := 0
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return nil
		}
		line = strings.TrimSuffix(line, "\r\n")
		if line == "" {
			io.CopyN(io.Discard, r, int64(length))
			return lines
		}
		lines = append(lines, line)
		fmt.Sscanf(strings.ToLower(line), "content-length: %d", &length)
	}
}
