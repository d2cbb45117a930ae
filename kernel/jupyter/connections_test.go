package jupyter_test

import (
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"locuslab/kernel/jupyter"
	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/jupyter/wire"
)

func TestTwoFrontEndsSeeTheSameOutputs(t *testing.T) {
	k := startKernel(t, jupyter.Options{})
	one, two := connect(t, k), connect(t, k)
	seen := make(chan string, 64)
	two.Watch(func(m wire.Message) { seen <- m.Type })
	o := run(t, one, "print hello\nvalue 1")
	for _, want := range []string{"status", "execute_input", "stream", "execute_result", "status"} {
		select {
		case got := <-seen:
			if got != want {
				t.Errorf("the other front end saw %s, want %s", got, want)
			}
		case <-within(t).Done():
			t.Fatalf("the other front end did not see %s", want)
		}
	}
	if run(t, two, "print 2").Count != o.Count+1 {
		t.Error("the front ends do not share one count")
	}
}

func TestForgedMessagesAreIgnored(t *testing.T) {
	k := startKernel(t, jupyter.Options{})
	honest := connect(t, k)
	ran := make(chan string, 64)
	honest.Watch(func(m wire.Message) {
		if m.Type == "execute_input" {
			ran <- string(m.Content)
		}
	})
	forger := k.connection
	forger.Key = "guess"
	conn, err := wire.Dial(within(t), forger, wire.Shell, "forger")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	m, err := wire.New("forger", "execute_request", nil, map[string]any{"code": "print stolen"})
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Send(m); err != nil {
		t.Fatal(err)
	}
	run(t, honest, "print honest")
	if got := <-ran; !strings.Contains(got, "honest") {
		t.Errorf("ran %s", got)
	}
}

func TestNonsenseDoesNotEndTheKernel(t *testing.T) {
	k := startKernel(t, jupyter.Options{})
	c := connect(t, k)
	object := []byte("{}")
	delimiter := []byte("<IDS|MSG>")
	open := k.connection
	for _, frames := range [][][]byte{
		{{}},
		{delimiter},
		{delimiter, {}, object, object, object},
		{delimiter, []byte("no signature"), object, object, object, object},
		{[]byte("a"), []byte("b"), delimiter, {}, []byte("[]"), []byte("null"), []byte("\xff"), {}},
		{{1}, {2}, {3}, {4}, {5}, {6}, {7}},
	} {
		for _, channel := range []wire.Channel{wire.Shell, wire.Control, wire.Stdin, wire.IOPub, wire.Heartbeat} {
			conn, err := wire.Dial(within(t), open, channel, "")
			if err != nil {
				t.Fatal(err)
			}
			if err := conn.SendFrames(frames); err != nil {
				t.Error(err)
			}
			if err := conn.Drain(10 * time.Second); err != nil {
				t.Error(err)
			}
		}
	}
	// Signed messages whose content is not of its form.
	for _, kind := range []string{"execute_request", "complete_request", "inspect_request", "history_request",
		"is_complete_request", "shutdown_reply", "comm_open"} {
		if _, err := c.Publish(kind, []int{1}); err != nil {
			t.Error(err)
		}
	}
	m, err := c.Ask(within(t), wire.Shell, "complete_request", map[string]any{"code": 5})
	if err != nil || !strings.Contains(string(m.Content), `"status":"error"`) {
		t.Errorf("%s, %v", m.Content, err)
	}
	m, err = c.Ask(within(t), wire.Shell, "execute_request", map[string]any{"code": []string{}})
	if err != nil || !strings.Contains(string(m.Content), `"status":"error"`) {
		t.Errorf("%s, %v", m.Content, err)
	}
	if o := run(t, c, "print alive"); o.Stream("stdout") != "alive\n" {
		t.Error("the kernel is not well")
	}
}

func TestRawNonsenseDoesNotEndTheKernel(t *testing.T) {
	k := startKernel(t, jupyter.Options{})
	connect(t, k) // it listens
	greeting := make([]byte, 64)
	greeting[0], greeting[9], greeting[10] = 0xff, 0x7f, 3
	copy(greeting[12:], "NULL")
	for _, bytes := range []string{
		"GET / HTTP/1.1\r\n\r\n" + strings.Repeat("x", 100),
		string(greeting) + "\x04\x06\x05READY",                                   // no metadata
		string(greeting) + "\x04\x08\x05READY\xff\x00",                           // metadata that ends too soon
		string(greeting) + "\x04\x1c\x05READY\x0bSocket-Type\x00\x00\x00\x03FOO", // socket type that is none
		string(greeting) + "\x02\x7f\xff\xff\xff\xff\xff\xff\xff",                // frame of 2^63-1 bytes
		string(greeting) + "\x04\x29\x05READY\x0bSocket-Type\x00\x00\x00\x06DEALER\x08Identity\x00\x00\x00\x00\x02\x7f\xff\xff\xff\xff\xff\xff\xff",
	} {
		raw, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(k.connection.ShellPort)))
		if err != nil {
			t.Fatal(err)
		}
		defer raw.Close()
		if _, err := raw.Write([]byte(bytes)); err != nil {
			t.Error(err)
		}
		raw.(*net.TCPConn).CloseWrite()
		raw.SetReadDeadline(time.Now().Add(20 * time.Second))
		buf := make([]byte, 1<<10)
		for err == nil { // until the kernel has let go of it
			_, err = raw.Read(buf)
		}
	}
	if o := run(t, connect(t, k), "print alive"); o.Stream("stdout") != "alive\n" {
		t.Error("the kernel is not well")
	}
}

// A client that connects and says nothing must not keep others from connecting.
func TestSilentConnectionBlocksNobody(t *testing.T) {
	k := startKernel(t, jupyter.Options{})
	connect(t, k)
	for _, port := range []int{k.connection.ShellPort, k.connection.IOPubPort, k.connection.HeartbeatPort} {
		raw, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			t.Fatal(err)
		}
		defer raw.Close()
	}
	if o := run(t, connect(t, k), "print alive"); o.Stream("stdout") != "alive\n" {
		t.Error("the kernel is not well")
	}
}

func TestHeartbeat(t *testing.T) {
	k := startKernel(t, jupyter.Options{})
	c := connect(t, k)
	r, err := c.Start(client.Cell{Code: "block"})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := wire.Dial(within(t), k.connection, wire.Heartbeat, "")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for range 3 {
		if err := conn.SendFrames([][]byte{{}, []byte("ping")}); err != nil {
			t.Fatal(err)
		}
		if frames, err := conn.RecvFrames(); err != nil || len(frames) != 2 || string(frames[1]) != "ping" {
			t.Fatalf("beat %q, %v", frames, err)
		}
	}
	if err := c.Interrupt(within(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Wait(within(t)); err != nil {
		t.Fatal(err)
	}
}

func TestWelcomeComesFirst(t *testing.T) {
	k := startKernel(t, jupyter.Options{})
	connect(t, k)
	conn, err := wire.Dial(within(t), k.connection, wire.IOPub, "")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SendFrames([][]byte{append([]byte{1}, "kernel."...)}); err != nil {
		t.Fatal(err)
	}
	m, err := conn.Recv()
	if err != nil || m.Type != "iopub_welcome" || string(m.Content) != `{"subscription":"kernel."}` {
		t.Errorf("%s %s, %v", m.Type, m.Content, err)
	}
}

func TestShutdownEndsTheServer(t *testing.T) {
	for _, code := range []string{"print idle", "block"} {
		k := startKernel(t, jupyter.Options{})
		c := connect(t, k)
		if _, err := c.Start(client.Cell{Code: code}); err != nil {
			t.Fatal(err)
		}
		heard := make(chan string, 64)
		c.Watch(func(m wire.Message) {
			if m.Type == "shutdown_reply" {
				heard <- string(m.Content)
			}
		})
		if err := c.Shutdown(within(t), true); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-k.ended:
			if err != nil {
				t.Error(err)
			}
			k.ended <- nil
		case <-within(t).Done():
			t.Fatal("the server goes on")
		}
		if got := <-heard; got != `{"status":"ok","restart":true}` {
			t.Errorf("broadcast %s", got)
		}
		if conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(k.connection.ShellPort))); err == nil {
			conn.Close()
			t.Error("the shell port is still open")
		}
	}
}

func TestPortTakenIsSaid(t *testing.T) {
	k := startKernel(t, jupyter.Options{})
	connect(t, k)
	err := jupyter.Serve(within(t), k.connection, newScript(), jupyter.Options{})
	if err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Errorf("err %v", err)
	}
}
