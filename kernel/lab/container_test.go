package lab_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"locuslab/kernel/lab"
	"locuslab/kernel/process/processtest"
)

// An instruction is one of a Dockerfile.
type instruction struct{ name, rest string }

// readDockerfile reads instructions; a line that ends in a backslash goes on.
func readDockerfile(t *testing.T, path string) []instruction {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	joined := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if part, more := strings.CutSuffix(line, "\\"); more {
			joined += part
			continue
		}
		lines = append(lines, joined+line)
		joined = ""
	}
	if joined != "" {
		t.Errorf("%s ends in the middle of an instruction", path)
	}
	var list []instruction
	for _, line := range lines {
		name, rest, _ := strings.Cut(line, " ")
		list = append(list, instruction{name, strings.TrimSpace(rest)})
	}
	return list
}

// A container stands in for the one that an image is built in: the user's home is
// a temporary folder, the copy of the checkout in it is the checkout itself, and
// Go's caches are the machine's, which saves time.
type container struct {
	checkout string
	home     string
	args     map[string]string // of ARG and ENV
	env      []string
	copied   map[string]string // files by where they come to lie: where they lie here
	done     map[string]bool   // RUN lines that both files have
}

var variable = regexp.MustCompile(`\$\{?(\w+)\}?`)

// expand replaces variables as Docker does, and the user's home by the stand-in.
func (c *container) expand(text string) string {
	text = variable.ReplaceAllStringFunc(text, func(v string) string {
		return c.args[strings.Trim(v, "${}")]
	})
	for _, user := range []string{"learner", "jovyan"} {
		text = strings.ReplaceAll(text, "/home/"+user, c.home)
	}
	return text
}

// elsewhere are the RUN lines that are not run here, by their beginning, and why.
var elsewhere = map[string]string{
	"apt-get ":                       "changes the system: that there are such packages is checked",
	"useradd ":                       "changes the system",
	"python3 -m venv ":               "lab makes such environments, in TestLab",
	"pip install ":                   "takes minutes: that the files are there and pin versions is checked",
	`"$HOME/bin/locuslab" lab --set`: "takes minutes: TestLab runs it in a clean home",
}

// TestContainers reads the two Dockerfiles, runs each line that can be run without
// root in a home of its own, and starts what the image would start. There need not
// be a container engine.
func TestContainers(t *testing.T) {
	t.Parallel()
	checkout, err := lab.Checkout(".")
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	c := &container{checkout: checkout, home: home, env: processtest.HomeEnv(t, home), done: map[string]bool{}}
	for _, name := range []string{"Dockerfile", "binder/Dockerfile"} {
		c.args = map[string]string{"PATH": filepath.Join(home, "bin") + ":" + os.Getenv("PATH"), "HOME": home}
		c.copied = map[string]string{}
		var start, cmd []string
		user := "root"
		for n, i := range readDockerfile(t, filepath.Join(checkout, name)) {
			switch i.name {
			case "FROM":
				if n != 0 || !strings.HasPrefix(i.rest, "golang:1.26-") {
					t.Errorf("%s: FROM %s", name, i.rest)
				}
			case "ARG", "ENV":
				c.set(i)
			case "USER":
				user = c.expand(i.rest)
			case "WORKDIR":
				if dir := c.expand(i.rest); dir != filepath.Join(home, "locuslab") {
					t.Errorf("%s: WORKDIR %s", name, dir)
				}
			case "COPY":
				c.copy(t, i.rest)
			case "RUN":
				c.run(t, name, i.rest)
			case "EXPOSE":
				if i.rest != fmt.Sprint(lab.DefaultPort) {
					t.Errorf("%s exposes %s, JupyterLab's port is %d", name, i.rest, lab.DefaultPort)
				}
			case "ENTRYPOINT", "CMD":
				list := &start
				if i.name == "CMD" {
					list = &cmd
				}
				if err := json.Unmarshal([]byte(i.rest), list); err != nil {
					t.Errorf("%s: %s %s: %v", name, i.name, i.rest, err)
				}
			default:
				t.Errorf("%s: unknown instruction %s", name, i.name)
			}
		}
		if user == "root" || user == "0" {
			t.Errorf("%s runs as root", name)
		}
		switch name {
		case "Dockerfile":
			c.startLab(t, start)
		default:
			c.startBinder(t, start, cmd)
		}
	}
}

// set handles ARG and ENV.
func (c *container) set(i instruction) {
	for _, pair := range strings.Fields(i.rest) {
		name, value, _ := strings.Cut(pair, "=")
		c.args[name] = c.expand(value)
	}
}

// environment is what a process of the container gets.
func (c *container) environment() []string {
	env := slices.Clone(c.env)
	for name, value := range c.args {
		env = append(env, name+"="+value)
	}
	return env
}

// copy notes what a COPY line brings where.
func (c *container) copy(t *testing.T, rest string) {
	t.Helper()
	words := slices.DeleteFunc(strings.Fields(rest), func(w string) bool { return strings.HasPrefix(w, "--chown=") })
	to := words[len(words)-1]
	for _, from := range words[:len(words)-1] {
		path := filepath.Join(c.checkout, from)
		if _, err := os.Stat(path); err != nil {
			t.Errorf("COPY %s: %v", from, err)
		}
		c.copied[filepath.Join(to, filepath.Base(from))] = path
	}
}

// run runs a RUN line, or checks what it names.
func (c *container) run(t *testing.T, file, line string) {
	t.Helper()
	for start := range elsewhere {
		if strings.HasPrefix(line, start) {
			c.check(t, file, line)
			return
		}
	}
	line = strings.Replace(line, " --gonb", "", 1) // built by TestLab
	same := strings.ReplaceAll(line, `"$HOME/bin/locuslab"`, "locuslab")
	if c.done[same] {
		return
	}
	c.done[same] = true
	begin := time.Now()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", strings.ReplaceAll(line, "/tmp/checked", filepath.Join(c.home, "checked")))
	cmd.Dir, cmd.Env = c.checkout, c.environment()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: RUN %s: %v\n%s", file, line, err, out)
	}
	t.Logf("%s: RUN %s (%v)", file, line, time.Since(begin).Round(time.Second))
}

// check checks a line that is not run.
func (c *container) check(t *testing.T, file, line string) {
	t.Helper()
	words := strings.Fields(line)
	switch words[0] {
	case "apt-get":
		_, rest, _ := strings.Cut(line, "apt-get install")
		rest, _, _ = strings.Cut(rest, "&&")
		packages := slices.DeleteFunc(strings.Fields(rest), func(w string) bool { return strings.HasPrefix(w, "-") })
		for _, needed := range []string{"gcc", "libc6-dev", "binutils", "python3", "python3-venv"} {
			if !slices.Contains(packages, needed) {
				t.Errorf("%s does not install %s", file, needed)
			}
		}
		// Only a machine that has Debian's lists knows all packages.
		lists, _ := filepath.Glob("/var/lib/apt/lists/*_Packages*")
		if cache, err := exec.LookPath("apt-cache"); err == nil && len(lists) > 0 {
			for _, p := range packages {
				if out, err := exec.CommandContext(t.Context(), cache, "show", p).CombinedOutput(); err != nil {
					t.Errorf("%s: package %s: %s", file, p, out)
				}
			}
		}
	case "pip":
		for i, w := range words {
			if w != "-r" {
				continue
			}
			text, err := os.ReadFile(c.copied[filepath.Clean(words[i+1])])
			if err != nil {
				t.Errorf("%s: %v", file, err)
			}
			for line := range strings.Lines(string(text)) {
				if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") && !strings.Contains(line, "==") {
					t.Errorf("%s: %s is not pinned", words[i+1], line)
				}
			}
		}
	default:
		if strings.Contains(line, "locuslab") {
			cmd := exec.CommandContext(t.Context(), "sh", "-c", line+" --help")
			cmd.Dir, cmd.Env = c.checkout, c.environment()
			if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--setup-only") {
				t.Errorf("%s: %s: %v\n%s", file, line, err, out)
			}
		}
	}
}

// startLab checks the command that the image of one's own starts: it is the program
// that was built, and its flags are the program's.
func (c *container) startLab(t *testing.T, start []string) {
	t.Helper()
	if len(start) < 2 || !slices.Contains(start, "--no-browser") || !slices.Contains(start, "0.0.0.0") {
		t.Fatalf("ENTRYPOINT %q", start)
	}
	cmd := exec.CommandContext(t.Context(), c.expand(start[0]), append(start[1:], "--help")...)
	cmd.Dir, cmd.Env = c.checkout, c.environment()
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "JupyterLab") {
		t.Errorf("%q: %v\n%s", start, err, out)
	}
}

// startBinder starts a command by the entry point for Binder: it must reach the
// service, and the service must end after it.
func (c *container) startBinder(t *testing.T, start, cmd []string) {
	t.Helper()
	script := filepath.Join(c.checkout, "binder", "start")
	if info, err := os.Stat(script); err != nil || info.Mode()&0o111 == 0 {
		t.Errorf("%s cannot be executed (%v)", script, err)
	}
	if len(start) != 1 || len(cmd) == 0 || cmd[0] != "jupyter" {
		t.Errorf("ENTRYPOINT %q, CMD %q", start, cmd)
	}
	p := exec.CommandContext(t.Context(), script, "sh", "-c", `echo "$LOCUS_URL $API_TOKEN"; exec cat`)
	p.Dir, p.Env = c.checkout, c.environment()
	stdin, err := p.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	url, token, _ := strings.Cut(strings.TrimSpace(line), " ")
	if err != nil || url == "" || token == "" {
		t.Errorf("the command got %q (%v)", line, err)
	}
	whitelabels := func() (int, error) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/whitelabels", nil)
		if err != nil {
			return 0, err
		}
		req.Header.Set("eq-api-jwt", token)
		answer, err := http.DefaultClient.Do(req)
		if err != nil {
			return 0, err
		}
		return answer.StatusCode, answer.Body.Close()
	}
	if status, err := whitelabels(); status != http.StatusOK {
		t.Errorf("the service answers %d, %v", status, err)
	}
	http.DefaultClient.CloseIdleConnections()
	stdin.Close()
	if err := p.Wait(); err != nil {
		t.Errorf("the command: %v", err)
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if _, err := whitelabels(); err != nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the service outlives the command")
		}
	}
}
