package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/kerneltest"
)

// TestPagePrograms builds cells for the page, beside a file of a Jupyter server's that says
// which folder it serves. Package lab runs such cells in a browser.
func TestPagePrograms(t *testing.T) {
	runtime, root := t.TempDir(), t.TempDir()
	serveFolder(t, runtime, root)
	k, err := client.Start(t.Context(), kerneltest.Spec(t), client.Options{Dir: t.TempDir(), Env: []string{"JUPYTER_RUNTIME_DIR=" + runtime}})
	if err != nil {
		t.Fatal(err)
	}
	closed := false
	defer func() {
		if !closed {
			k.Close()
		}
	}()
	run := func(code string) *client.Outcome {
		t.Helper()
		o, err := k.Run(t.Context(), code)
		if err != nil {
			t.Fatal(err)
		}
		return o
	}

	o := run("%wasm\n!echo $GONB_JUPYTER_ROOT; echo $GONB_WASM_DIR; echo $GONB_WASM_URL")
	said := strings.Split(o.Stream("stdout"), "\n")
	if len(said) != 4 || said[0] != root || !strings.HasPrefix(said[1], root+"/jupyter_files/") || said[2] != "/user/me/files/jupyter_files/"+filepath.Base(said[1]) {
		t.Fatalf("the environment says %q\n%s", said, o)
	}
	dir, url := said[1], said[2]

	run("import \"strings\"\ntype Greeting struct{ text string }\nfunc (g Greeting) Loud() string { return strings.ToUpper(g.text) }\nfunc Greet(name string) Greeting { return Greeting{hello + name} }\nvar hello = \"hello \"\nvar lost = syscall.SIGUSR1")
	o = run("%wasm\nimport \"syscall/js\"\n%% --name=\"it's <b>\"\nvar name = flag.String(\"name\", \"\", \"who\")\nflag.Parse()\ndoc := js.Global().Get(\"document\")\ndoc.Call(\"getElementById\", GonbWasmDivId).Set(\"innerText\", Greet(*name).Loud()+GonbWasmUrl)")
	if o.Status != "ok" {
		t.Fatal(o)
	}
	html := ""
	for _, m := range o.Visible() {
		var shown struct{ Data map[string]string }
		if m.Decode(&shown) == nil {
			html += shown.Data["text/html"]
		}
	}
	id := regexp.MustCompile(`<div id="(\w+)">`).FindStringSubmatch(html)
	program := regexp.MustCompile(`cell_\w+\.wasm`).FindString(html)
	if id == nil || program == "" || !strings.Contains(html, `["js","--name=it's \u003cb\u003e"]`) {
		t.Fatalf("the page gets\n%s", html)
	}
	content, err := os.ReadFile(filepath.Join(dir, program))
	if err != nil || !strings.HasPrefix(string(content), "\x00asm") {
		t.Errorf("%s is no program: %v", program, err)
	}
	if !strings.Contains(string(content), id[1]) || !strings.Contains(string(content), url) {
		t.Error("the program does not know its element and its address")
	}
	if _, err := os.Stat(filepath.Join(dir, "wasm_exec.js")); err != nil {
		t.Error(err)
	}
	if !strings.Contains(html, "initialised again there: hello") {
		t.Errorf("the user is not told that the values are not there:\n%s", html)
	}

	// Nothing of such a cell is the session's.
	if o := run("fmt.Println(hello)\n_ = doc"); !strings.Contains(kerneltest.FailureText(o), "undefined: doc") {
		t.Errorf("the session has the program's variables:\n%s", o)
	}
	for code, want := range map[string]string{
		"%wasm\nx := 1\n\ny := x + \"a\"":         `:4`,
		"%wasm\nprintln(lost)":                    "SIGUSR1",
		"%wasm now\nx := 1":                       "takes no arguments",
		"%wasm\nfunc hello() {}\nGreet(\"\")":     "hello that has since been redeclared",
		"%wasm\nprintln(nowhere)":                 "undefined: nowhere",
		"%wasm\nimport \"no.such.host/x\"\nx.F()": "no.such.host/x",
		"%wasm\nfor {":                            "never closed",
	} {
		o := run(code)
		if text := kerneltest.FailureText(o); o.Status != "error" || !strings.Contains(text, want) {
			t.Errorf("%s\nsays\n%s\nnot %q", code, text, want)
		}
	}
	if o := run("Greet(\"you\").Loud()"); o.Result("text/plain") != "HELLO YOU" {
		t.Errorf("the session has lost something:\n%s", o)
	}
	closed = true
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(root); len(left) > 0 {
		t.Errorf("the kernel leaves %s", left[0].Name())
	}
}

// serveFolder writes the file by which this process, of which the kernel is a child, is a Jupyter
// server that serves root.
func serveFolder(t *testing.T, runtime, root string) {
	t.Helper()
	server := fmt.Sprintf(`{"base_url": "/user/me/", "root_dir": %q}`, root)
	if err := os.WriteFile(filepath.Join(runtime, fmt.Sprintf("jpserver-%d.json", os.Getpid())), []byte(server), 0o600); err != nil {
		t.Fatal(err)
	}
}
