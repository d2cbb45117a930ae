package semantics_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/kerneltest"
)

// queueWay runs cells that are sent together, as "Run All" does.
func queueWay(t *testing.T, spec client.Spec) {
	t.Run("after a failure", func(t *testing.T) { testFailedQueue(t, spec) })
	t.Run("what magics change", func(t *testing.T) { testQueuedMagics(t, spec) })
}

// testFailedQueue has a cell whose import no server answers for behind one that
// fails: neither the failing cell nor a later one waits for that server.
func testFailedQueue(t *testing.T, spec client.Spec) {
	asked := make(chan struct{}, 100)
	done := make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		select {
		case <-r.Context().Done():
		case <-done:
		}
	}))
	defer silent.Close()
	defer close(done)
	k, err := client.Start(t.Context(), spec, client.Options{Dir: t.TempDir(), Env: []string{"GOPROXY=" + silent.URL, "GONOSUMDB=*", "GOFLAGS=-mod=mod"}})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	if o := kerneltest.SendTogether(t, k, false, `fmt.Println("ready")`); o[0].Status != "ok" {
		t.Fatal(o[0])
	}
	// The second runs until the third is being compiled ahead.
	got := kerneltest.SendTogether(t, k, false, `fmt.Println("a")`, "time.Sleep(300 * time.Millisecond)\npanic(\"first\")", "import \"corp.example.com/slow/pkg\"\npkg.X()", "1")
	for i, want := range []string{"ok", "error", "aborted", "aborted"} {
		if got[i].Status != want {
			t.Errorf("cell %d: %s, want %s", i+1, got[i].Status, want)
		}
	}
	for len(asked) > 0 {
		<-asked
	}
	for range 2 {
		if o := kerneltest.SendTogether(t, k, false, "2+2"); o[0].Result("text/plain") != "4" {
			t.Errorf("after the failure: %v", o[0])
		}
	}
	if len(asked) > 0 {
		t.Errorf("the module server was asked %d times for a cell that is not to run", len(asked))
	}
}

// testQueuedMagics has cells whose meaning the one before changes by a magic.
func testQueuedMagics(t *testing.T, spec client.Spec) {
	k, err := client.Start(t.Context(), spec, client.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	const wait = "time.Sleep(100 * time.Millisecond)\n"
	got := kerneltest.SendTogether(t, k, true,
		wait,
		"x := 1\nfmt.Println(x)\n"+wait+"%reset",
		`fmt.Println("fine")`,
		"y := 2\ny",
		"x",
		"x := 3\n"+wait+"%rm x",
		"x",
		"import str \"strings\"\n"+wait,
		"str.ToUpper(\"a\")",
	)
	for i, want := range map[int]string{2: "fine\n", 1: "1\n"} {
		if out := got[i].Stream("stdout"); out != want && i != 1 || got[i].Status != "ok" {
			t.Errorf("cell %d: %q, want %q: %v", i+1, out, want, got[i])
		}
	}
	for i, want := range map[int]string{3: "2", 8: "A"} {
		if got[i].Result("text/plain") != want {
			t.Errorf("cell %d: %v, want %s", i+1, got[i], want)
		}
	}
	for _, i := range []int{4, 6} {
		if f := got[i].Failure(); f == nil || f.Name != "CompileError" {
			t.Errorf("cell %d sees a name that is gone: %v", i+1, got[i])
		}
	}
}
