package main_test

import (
	"encoding/json"
	"strings"
	"testing"

	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/jupyter/wire"
	"locuslab/kernel/kerneltest"
)

// The variable panel of a front end lists what the cells have declared, live.
func TestVariablesOfTheDebugger(t *testing.T) {
	k, err := client.Start(t.Context(), kerneltest.Spec(t), client.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	ask := func(command string, arguments map[string]any) json.RawMessage {
		t.Helper()
		m, err := k.Ask(t.Context(), wire.Control, "debug_request", map[string]any{"type": "request", "seq": 3, "command": command, "arguments": arguments})
		if err != nil {
			t.Fatal(err)
		}
		var reply struct {
			Success bool            `json:"success"`
			Body    json.RawMessage `json:"body"`
		}
		if err := m.Decode(&reply); err != nil || !reply.Success {
			t.Fatalf("%s: %s, %v", command, m.Content, err)
		}
		return reply.Body
	}
	run := func(cell string) *client.Outcome {
		t.Helper()
		o, err := k.Run(t.Context(), cell)
		if err != nil || o.Status != "ok" {
			t.Fatalf("%s: %v", kerneltest.FailureText(o), err)
		}
		return o
	}
	type variable struct{ Name, Type, Value string }
	variables := func() (list []variable) {
		t.Helper()
		var body struct{ Variables []variable }
		if err := json.Unmarshal(ask("inspectVariables", nil), &body); err != nil {
			t.Fatal(err)
		}
		return body.Variables
	}
	if list := variables(); len(list) != 0 {
		t.Errorf("before any cell there is %v", list)
	}
	run("type City struct{ Name string }\ncities := []City{{\"Paris\"}}\nn := 1\nfunc f() {}\nconst c = 2")
	ask("initialize", nil)
	ask("attach", nil)
	list := variables()
	if len(list) != 2 || list[0] != (variable{"cities", "[]main.City", "[{Name:Paris}]"}) || list[1] != (variable{"n", "int", "1"}) {
		t.Errorf("variables %q", list)
	}
	run("n += 41")
	if list := variables(); len(list) != 2 || list[1].Value != "42" {
		t.Errorf("after a cell has changed one: %q", list)
	}
	if rich := string(ask("richInspectVariables", map[string]any{"variableName": "cities"})); !strings.Contains(rich, "table") || !strings.Contains(rich, "Paris") {
		t.Errorf("rich: %s", rich)
	}
	if o := run("fmt.Println(n)\nn"); o.Stream("stdout") != "42\n" || o.Result("text/plain") != "42" {
		t.Errorf("a cell behind an inspection prints %q", o.Stream("stdout"))
	}
	if info := string(ask("debugInfo", nil)); !strings.Contains(info, `"breakpoints":[]`) || !strings.Contains(info, `"richRendering":true`) || !strings.Contains(info, `"isStarted":true`) {
		t.Errorf("the debugger tells of itself %s", info)
	}
	m, err := k.Ask(t.Context(), wire.Control, "debug_request", map[string]any{"type": "request", "seq": 4, "command": "setBreakpoints",
		"arguments": map[string]any{"source": map[string]any{"path": ""}, "breakpoints": []any{map[string]any{"line": 1}}}})
	if err != nil {
		t.Fatal(err)
	}
	if text := string(m.Content); !strings.Contains(text, `"breakpoints":[]`) || !strings.Contains(text, "no debugger that stops cells") {
		t.Errorf("a breakpoint is answered by %s", text)
	}
	// While a cell runs, what was known before is told, at once.
	done := make(chan error, 1)
	go func() {
		_, err := k.Run(t.Context(), "fmt.Println(\"go\"); time.Sleep(2 * time.Second)\nn = 0")
		done <- err
	}()
	if list := variables(); len(list) != 2 || list[1].Value != "42" {
		t.Errorf("beside a cell: %q", list)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if list := variables(); len(list) != 2 || list[1].Value != "0" {
		t.Errorf("behind it: %q", list)
	}
}
