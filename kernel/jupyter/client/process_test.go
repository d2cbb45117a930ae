package client_test

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/jupyter/wire"
)

// The stand-in for a kernel hands over its connection file and ends when it is told
// to, as one does that cannot have its ports.
func TestKernelWhosePortsAreTakenGetsOthers(t *testing.T) {
	dir := t.TempDir()
	asked, answer := filepath.Join(dir, "asked"), filepath.Join(dir, "answer")
	for _, pipe := range []string{asked, answer} {
		if err := syscall.Mkfifo(pipe, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	spec := client.Spec{Argv: []string{"sh", "-c", `cat "$0" > "$1"; read line < "$2"; exit 1`, "{connection_file}", asked, answer}}
	failed := make(chan error, 1)
	go func() {
		_, err := client.Start(t.Context(), spec, client.Options{})
		failed <- err
	}()
	next := func() wire.Connection {
		b, err := os.ReadFile(asked) // waits for the stand-in
		if err != nil {
			t.Fatal(err)
		}
		copied := filepath.Join(dir, "copy.json")
		if err := os.WriteFile(copied, b, 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := wire.ReadConnection(copied)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	end := func() {
		if err := os.WriteFile(answer, []byte("end\n"), 0); err != nil {
			t.Fatal(err)
		}
	}
	first := next()
	taken, err := net.Listen("tcp", net.JoinHostPort(first.IP, strconv.Itoa(first.IOPubPort)))
	if err != nil {
		t.Fatal(err)
	}
	end()
	second := next()
	if second.IOPubPort == first.IOPubPort || second.Key == first.Key {
		t.Errorf("the second start has the port %d and the key of the first", second.IOPubPort)
	}
	taken.Close()
	end() // and now no port is taken: starting it again would not help
	if err := <-failed; err == nil {
		t.Error("a kernel that only ends has started")
	}
}
