package lab_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"locuslab/kernel/process/processtest"
)

// A labRun is a running `locuslab lab`.
type labRun struct {
	cmd   *exec.Cmd
	url   string // of JupyterLab, with the token
	base  string
	token string
	ended chan error
}

// startLab starts cmd, a run of the command lab, and waits for its address.
func startLab(t *testing.T, cmd *exec.Cmd) *labRun {
	t.Helper()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	l := &labRun{cmd: cmd, ended: make(chan error, 1)}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if address, ok := strings.CutPrefix(lines.Text(), "JupyterLab: "); ok {
			l.url = address
			break
		}
	}
	go func() {
		_, _ = io.Copy(io.Discard, stdout)
		l.ended <- cmd.Wait()
	}()
	if l.url == "" {
		<-l.ended
		t.Fatalf("lab ended without an address:\n%s", log.String())
	}
	u, err := url.Parse(l.url)
	if err != nil {
		t.Fatal(err)
	}
	l.token = u.Query().Get("token")
	l.base = "http://" + u.Host
	return l
}

// request speaks to JupyterLab's REST API and decodes the answer into result, unless that is nil.
func (l *labRun) request(t *testing.T, method, path, body string, result any) {
	t.Helper()
	req, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, l.base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "token "+l.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= 300 {
		t.Fatalf("%s %s: %s %v\n%s", method, path, resp.Status, err, content)
	}
	if result == nil {
		return
	}
	if err := json.Unmarshal(content, result); err != nil {
		t.Fatalf("%s %s: %v\n%s", method, path, err, content)
	}
}

// end ends lab as a user does, by Ctrl-C.
func (l *labRun) end(t *testing.T) {
	t.Helper()
	if err := l.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := <-l.ended; err != nil {
		t.Errorf("lab ended with %v", err)
	}
}

// TestLab sets everything up in a clean home and uses it as a newcomer does.
func TestLab(t *testing.T) {
	t.Parallel()
	p := buildProgram(t)
	out, stderr, status := p.Output(t, nil, "lab", "--setup-only")
	if status != 0 {
		t.Fatalf("status %d\n%s%s", status, out, stderr)
	}
	if !strings.Contains(stderr, "1/5 JupyterLab …") || !strings.Contains(stderr, "5/5 kernel gonb: ready") {
		t.Errorf("no progress shown:\n%s", stderr)
	}
	t.Run("labs", func(t *testing.T) {
		t.Run("use", func(t *testing.T) {
			t.Parallel()
			testUse(t, p.Marked("use"))
		})
		testNothingIsLeft(t, p)
	})
	p.AwaitNobodyLeft(t)
}

// testUse uses one JupyterLab, by its API and in a browser, with several notebooks open at a time.
func testUse(t *testing.T, p processtest.Program) {
	noAutosave(t, p)
	cmd := p.Command("lab", "--no-browser")
	// Few rows for Spark, and Java that compiles fast rather than well, as there are few queries.
	cmd.Env = append(cmd.Env, "FEW_ROWS=1", "JDK_JAVA_OPTIONS=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
	l := startLab(t, cmd)
	t.Cleanup(func() { l.end(t) })
	t.Run("kernels", func(t *testing.T) { testKernelsAreListed(t, l) })
	t.Run("token", func(t *testing.T) { testTokenIsNeeded(t, l) })
	t.Run("browser", func(t *testing.T) {
		requireBrowser(t)
		testLessonsInBrowser(t, l)
		t.Run("gestures", func(t *testing.T) {
			t.Parallel()
			testGestures(t, l)
		})
		t.Run("ipywidgets", func(t *testing.T) {
			t.Parallel()
			testIpywidgets(t, l)
		})
		testGonbInBrowser(t, l)
		t.Run("gonb's wasm", func(t *testing.T) {
			t.Parallel()
			testGonbOnPage(t, l)
		})
		t.Run("gonb's input boxes", func(t *testing.T) {
			t.Parallel()
			testInputBoxes(t, l)
		})
	})
}

func testKernelsAreListed(t *testing.T, l *labRun) {
	t.Helper()
	var specs struct {
		Default     string                     `json:"default"`
		Kernelspecs map[string]json.RawMessage `json:"kernelspecs"`
	}
	l.request(t, http.MethodGet, "/api/kernelspecs", "", &specs)
	if specs.Default != "locuslab" {
		t.Errorf("a new notebook gets kernel %q", specs.Default)
	}
	for _, name := range []string{"locuslab", "gonb"} {
		if _, ok := specs.Kernelspecs[name]; !ok {
			t.Errorf("kernel %s is not listed in %v", name, specs.Kernelspecs)
		}
	}
}

func testTokenIsNeeded(t *testing.T, l *labRun) {
	t.Helper()
	resp, err := http.Get(l.base + "/api/kernelspecs")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("without a token the answer is %s", resp.Status)
	}
	if !strings.HasPrefix(l.base, "http://127.0.0.1:") {
		t.Errorf("the address %s is not loopback", l.base)
	}
}

// testNothingIsLeft ends lab in each way that it can end, with a kernel running. Each is
// told from the other labs, which run at the same time, by its name in the environment.
func testNothingIsLeft(t *testing.T, p processtest.Program) {
	for _, c := range []struct {
		name   string
		signal os.Signal
		goRun  bool // signal the go command that started lab instead
	}{
		{"Ctrl-C", os.Interrupt, false},
		{"terminated", syscall.SIGTERM, false},
		{"killed", os.Kill, false},
		{"go run terminated", syscall.SIGTERM, true},
		{"go run killed", os.Kill, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := p.Marked(c.name)
			args := []string{"lab", "--no-browser"}
			cmd := p.Command(args...)
			if c.goRun {
				cmd = exec.Command("go", append([]string{"run", "locuslab/kernel"}, args...)...)
				cmd.Env = p.Env
			}
			l := startLab(t, cmd)
			var kernel struct {
				ID string `json:"id"`
			}
			l.request(t, http.MethodPost, "/api/kernels", `{"name": "gonb"}`, &kernel)
			isGopls := func(line string) bool { return strings.Contains(line, "gopls") }
			for start := time.Now(); !slices.ContainsFunc(p.Living(), isGopls); {
				if time.Since(start) > 30*time.Second {
					t.Fatalf("gonb started no gopls; running:\n%s", strings.Join(p.Living(), "\n"))
				}
				time.Sleep(50 * time.Millisecond) // only the process table tells
			}
			if err := l.cmd.Process.Signal(c.signal); err != nil {
				t.Fatal(err)
			}
			<-l.ended
			p.AwaitNobodyLeft(t)
		})
	}
}
