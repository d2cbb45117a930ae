package lab_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"locuslab/kernel/lab/python"
	"locuslab/kernel/notebook"
)

// TestPapermillSetsParameters has papermill itself run a notebook: what it sets keeps the type of
// its default, and what cannot is told in the cell that sets it.
func TestPapermillSetsParameters(t *testing.T) {
	t.Parallel()
	interpreter, err := python.Environment(t.Context(), os.Stderr, python.Papermill...)
	if err != nil {
		t.Fatal(err)
	}
	p := buildProgram(t)
	version, err := exec.CommandContext(t.Context(), interpreter, "-c", "import sys; print('python%d.%d' % sys.version_info[:2])").Output()
	if err != nil {
		t.Fatal(err)
	}
	prefix := t.TempDir()
	site := filepath.Join(prefix, "lib", strings.TrimSpace(string(version)), "site-packages")
	if err := os.MkdirAll(site, 0o755); err != nil {
		t.Fatal(err)
	}
	out, stderr, status := p.Output(t, nil, "install", "--prefix", prefix)
	if status != 0 || !strings.Contains(out, "locuslab_papermill in "+site) {
		t.Fatalf("install: %d\n%s%s", status, out, stderr)
	}

	const defaults = `workers := 8
var ratio float64 = 0.5 // of something
name, wild := "none", false
codes := []string{"a", "b", "c"}
limits := map[string]float64{"a": 1}
anything := []any{1}
var small int8`
	const show = `fmt.Printf("%T %v\n%T %v\n%q %v\n%q\n%v\n%v\n%T %v\n", workers, workers, ratio/2, ratio/2, name, wild, codes, limits, anything, small, small)`
	run := func(t *testing.T, parameters map[string]any) (*notebook.Notebook, string, error) {
		dir := t.TempDir()
		in := filepath.Join(dir, "in.ipynb")
		writeCells(t, in, "locuslab", []map[string]any{codeCell("defaults", defaults, "parameters"), codeCell("show", show)})
		set := filepath.Join(dir, "set.json") // JSON is YAML
		text, err := json.Marshal(parameters)
		if err == nil {
			err = os.WriteFile(set, text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		result := filepath.Join(dir, "out.ipynb")
		cmd := exec.CommandContext(t.Context(), interpreter, "-m", "papermill", "--no-progress-bar", "-f", set, in, result)
		cmd.Env = append(p.Env, "PYTHONPATH="+site, "JUPYTER_PATH="+filepath.Join(prefix, "share", "jupyter"), "JUPYTER_DATA_DIR="+filepath.Join(p.Home, "jupyter"))
		said, err := cmd.CombinedOutput()
		nb, readErr := notebook.Read(result)
		if readErr != nil {
			t.Fatalf("%v\n%s", readErr, said)
		}
		return nb, string(said), err
	}

	t.Run("set", func(t *testing.T) {
		nb, said, err := run(t, map[string]any{
			"workers": 3, "ratio": 1, "name": "a \"b\"\n\\ é 😀 \ufeff `", "wild": true,
			"codes": []string{"x y", "`\""}, "limits": map[string]float64{"b": 2}, "anything": []any{9007199254740993, nil, "s"}, "small": -128,
		})
		if err != nil {
			t.Fatalf("%v\n%s", err, said)
		}
		cells := nb.Cells()
		if got, want := cells[len(cells)-1].Text(), "int 3\nfloat64 0.5\n\"a \\\"b\\\"\\n\\\\ é 😀 \\ufeff `\" true\n[\"x y\" \"`\\\"\"]\nmap[b:2]\n[9007199254740993 <nil> s]\nint8 -128\n"; got != want {
			t.Errorf("the notebook prints\n%s\nwant\n%s", got, want)
		}
	})
	for name, c := range map[string]struct {
		parameters map[string]any
		want       string
	}{
		"a value that does not fit":       {map[string]any{"workers": 2.5}, "truncated"},
		"a number beyond its type":        {map[string]any{"small": 128}, "overflows"},
		"another type":                    {map[string]any{"workers": "many"}, "cannot use"},
		"an element that does not fit":    {map[string]any{"codes": []any{"a", 1}}, "parameter codes"},
		"a parameter that has no default": {map[string]any{"wrokers": 1}, "undefined: wrokers"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, said, err := run(t, c.parameters); err == nil || !strings.Contains(said, c.want) {
				t.Errorf("error %v, and nothing of %q:\n%s", err, c.want, said)
			}
		})
	}
}
