package conformance_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"locuslab/kernel/build"
	"locuslab/kernel/lab"
)

// browser is what JupyterLab in a browser is to its server: REST calls, and a
// websocket to a kernel.
type browser struct {
	t       *testing.T
	base    string
	token   string
	session string
	socket  *websocket.Conn
}

// frame is a message of the kernel's protocol, as the websocket carries it.
type frame struct {
	Channel  string         `json:"channel"`
	Header   map[string]any `json:"header"`
	Parent   map[string]any `json:"parent_header"`
	Metadata map[string]any `json:"metadata"`
	Content  map[string]any `json:"content"`
	Buffers  []any          `json:"buffers"`
}

func (f frame) kind() string { return fmt.Sprint(f.Header["msg_type"]) }

func startJupyterLab(t *testing.T) *browser {
	t.Helper()
	path := jupyterPath(t)
	env, err := environment()
	if err != nil {
		t.Fatal(err)
	}
	cache, err := build.CacheRoot()
	if err != nil {
		t.Fatal(err)
	}
	s, err := lab.StartServer(within(t, 5*time.Minute), lab.ServerOptions{
		Environment: env, Cache: cache, Root: prefix, Env: []string{"JUPYTER_PATH=" + path},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	address, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, base: s.Base(), token: address.Query().Get("token"), session: rand.Text()}
}

// rest makes a call and decodes its answer into reply, unless that is nil.
func (b *browser) rest(method, path string, body, reply any) {
	b.t.Helper()
	var payload io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			b.t.Fatal(err)
		}
		payload = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(within(b.t, patience), method, b.base+path, payload)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Authorization", "token "+b.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= 300 {
		b.t.Fatalf("%s %s: %s %s, %v", method, path, resp.Status, text, err)
	}
	if reply != nil {
		if err := json.Unmarshal(text, reply); err != nil {
			b.t.Fatalf("%s %s: %s: %v", method, path, text, err)
		}
	}
}

// open connects to a kernel's websocket.
func (b *browser) open(kernel string) {
	b.t.Helper()
	address := "ws" + strings.TrimPrefix(b.base, "http") + "/api/kernels/" + kernel + "/channels?session_id=" + b.session
	header := http.Header{"Authorization": {"token " + b.token}}
	socket, _, err := websocket.DefaultDialer.DialContext(within(b.t, patience), address, header)
	if err != nil {
		b.t.Fatal(err)
	}
	b.socket = socket
	b.t.Cleanup(func() { socket.Close() })
}

func (b *browser) send(channel, kind string, content map[string]any) (id string) {
	b.t.Helper()
	id = rand.Text()
	err := b.socket.WriteJSON(frame{
		Channel: channel, Parent: map[string]any{}, Metadata: map[string]any{}, Content: content, Buffers: []any{},
		Header: map[string]any{"msg_id": id, "msg_type": kind, "session": b.session, "username": "", "version": "5.4",
			"date": time.Now().UTC().Format(time.RFC3339Nano)},
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return id
}

// until reads messages that belong to request id until done says so.
func (b *browser) until(id string, done func(frame) bool) {
	b.t.Helper()
	b.socket.SetReadDeadline(time.Now().Add(firstCell))
	for {
		var f frame
		if err := b.socket.ReadJSON(&f); err != nil {
			b.t.Fatal(err)
		}
		if f.Parent["msg_id"] == id && done(f) {
			return
		}
	}
}

func (b *browser) execute(code string) (id string) {
	b.t.Helper()
	return b.send("shell", "execute_request", map[string]any{
		"code": code, "silent": false, "store_history": true, "user_expressions": map[string]any{},
		"allow_stdin": true, "stop_on_error": true,
	})
}

// run executes a cell and returns its reply's status and its broadcasts, until
// both the reply and idle have come.
func (b *browser) run(code string) (status string, shown []frame) {
	b.t.Helper()
	return b.finish(b.execute(code))
}

func (b *browser) finish(id string) (status string, shown []frame) {
	b.t.Helper()
	idle := false
	b.until(id, func(f frame) bool {
		switch {
		case f.kind() == "execute_reply":
			status = fmt.Sprint(f.Content["status"])
		case f.kind() == "status":
			idle = idle || f.Content["execution_state"] == "idle"
		case f.kind() == "input_request":
			b.send("stdin", "input_reply", map[string]any{"status": "ok", "value": "typed"})
		case f.Channel == "iopub":
			shown = append(shown, f)
		}
		return idle && status != ""
	})
	return status, shown
}

func textOf(shown []frame) string {
	var text strings.Builder
	for _, f := range shown {
		switch f.kind() {
		case "stream":
			fmt.Fprint(&text, f.Content["text"])
		case "execute_result":
			fmt.Fprint(&text, "=", f.Content["data"].(map[string]any)["text/plain"])
		}
	}
	return text.String()
}

func TestUnderJupyterLab(t *testing.T) {
	b := startJupyterLab(t)
	var session struct {
		ID     string
		Kernel struct{ ID, Name string }
	}
	b.rest(http.MethodPost, "/api/sessions", map[string]any{
		"path": "lesson.ipynb", "name": "lesson.ipynb", "type": "notebook", "kernel": map[string]string{"name": "locuslab"},
	}, &session)
	if session.Kernel.Name != "locuslab" {
		t.Fatalf("session %+v", session)
	}
	b.open(session.Kernel.ID)

	info := b.send("shell", "kernel_info_request", map[string]any{})
	b.until(info, func(f frame) bool { return f.kind() == "kernel_info_reply" })

	b.run("x := 41") // shows the progress of building the worker, where it has to be built
	if status, shown := b.run("x++\nfmt.Println(`text`)\nx"); status != "ok" || !strings.HasSuffix(textOf(shown), "text\n=42") {
		t.Errorf("cell: %s %q", status, textOf(shown))
	}
	if status, shown := b.run("undefinedName"); status != "error" || len(shown) == 0 {
		t.Errorf("failing cell: %s %v", status, shown)
	}
	if status, shown := b.run("var word string\nfmt.Scanln(&word)\nfmt.Println(word)"); status != "ok" || !strings.Contains(textOf(shown), "typed") {
		t.Errorf("input: %s %q", status, textOf(shown))
	}
	complete := b.send("shell", "complete_request", map[string]any{"code": "strings.Repl", "cursor_pos": 12})
	b.until(complete, func(f frame) bool {
		if f.kind() != "complete_reply" {
			return false
		}
		if got := fmt.Sprint(f.Content["matches"]); !strings.Contains(got, "ReplaceAll") {
			t.Errorf("completion %s", got)
		}
		return true
	})

	id := b.execute("fmt.Println(`started`)\nfor {\n}")
	b.until(id, func(f frame) bool {
		if f.kind() == "error" {
			t.Fatalf("the cell to be interrupted: %v", f.Content)
		}
		return f.kind() == "stream"
	})
	b.rest(http.MethodPost, "/api/kernels/"+session.Kernel.ID+"/interrupt", nil, nil)
	if status, _ := b.finish(id); status != "error" {
		t.Errorf("interrupted cell: %s", status)
	}
	if _, shown := b.run("x"); textOf(shown) != "=42" {
		t.Errorf("after the interrupt: %q", textOf(shown))
	}

	b.rest(http.MethodPost, "/api/kernels/"+session.Kernel.ID+"/restart", nil, nil)
	b.socket.Close()
	b.open(session.Kernel.ID)
	if status, _ := b.run("x"); status != "error" {
		t.Errorf("x is known after the restart: %s", status)
	}
	var sessions []any
	b.rest(http.MethodDelete, "/api/sessions/"+session.ID, nil, nil)
	b.rest(http.MethodGet, "/api/kernels", nil, &sessions)
	if len(sessions) != 0 {
		t.Errorf("kernels left: %v", sessions)
	}
}
