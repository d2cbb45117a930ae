package complete_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"locuslab/kernel/build/buildtest"
	"locuslab/kernel/cell"
	"locuslab/kernel/session/complete"
	"locuslab/kernel/session/scope"
)

// helper returns a Helper of a folder with some files, and without a check: what stands in
// Go code is tested with a session.
func helper(t *testing.T) *complete.Helper {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"own/own.go": "package own\n", "data one.csv": "", "dater/x.txt": "", ".hidden": "",
	} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	workspace := buildtest.Open(t, dir, t.TempDir())
	return &complete.Helper{
		Scope: scope.New(workspace, workspace.RuntimePath(), dir), Dir: dir, Env: []string{"HOMELY=1", "OTHER=2"},
		Check: func(context.Context, *cell.Cell, []cell.Item) *complete.Checked { return nil },
	}
}

func TestComplete(t *testing.T) {
	h := helper(t)
	for _, c := range []struct {
		typed string   // ‸ is the cursor
		want  []string // among what is offered
		never []string
	}{
		{typed: `import "net/htt‸"`, want: []string{"net/http", "net/http/httptest"}, never: []string{"net/http/internal", "net"}},
		{typed: `import "example.org/cells/o‸`, want: []string{"example.org/cells/own"}},
		{typed: "%ti‸", want: []string{"%time", "%timeit"}, never: []string{"%%bash"}},
		{typed: "%%ti‸", want: []string{"%%time", "%%timeit"}},
		{typed: "x := 1\n%%ti‸", never: []string{"%%time"}},
		{typed: "%cd da‸", want: []string{"dater/"}, never: []string{"data one.csv", "data\\ one.csv"}},
		{typed: "!cat dater/‸", want: []string{"x.txt"}},
		{typed: `f, err := os.Open("dat‸`, want: []string{"data one.csv", "dater/"}, never: []string{".hidden"}},
		{typed: "%env HOM‸", want: []string{"HOMELY"}, never: []string{"OTHER"}},
		{typed: "// strings.To‸", never: []string{"strings.ToUpper", "ToUpper"}},
		{typed: "x := 'a‸", never: []string{"append", "any"}},
		{typed: "x := 1.‸", never: []string{"append"}},
	} {
		before, after, _ := strings.Cut(c.typed, "‸")
		matches, start, end := h.Complete(t.Context(), before+after, len(before))
		if end != len(before) || start < 0 || start > end {
			t.Errorf("%s: bytes %d to %d would be replaced", c.typed, start, end)
			continue
		}
		var offered []string
		for _, m := range matches {
			offered = append(offered, m.Text)
		}
		for _, want := range c.want {
			if !slices.Contains(offered, want) {
				t.Errorf("%s: %q is not among %q", c.typed, want, offered)
			}
		}
		for _, never := range c.never {
			if slices.Contains(offered, never) {
				t.Errorf("%s: %q is offered", c.typed, never)
			}
		}
	}
}

func TestCursorBeyondTheText(t *testing.T) {
	h := helper(t)
	for _, cursor := range []int{-5, 1 << 30} {
		if _, start, end := h.Complete(t.Context(), "fm", cursor); start < 0 || end > 2 {
			t.Errorf("at %d: bytes %d to %d would be replaced", cursor, start, end)
		}
		h.Inspect(t.Context(), "fm", cursor, 0)
	}
}

func TestMagicHelp(t *testing.T) {
	h := helper(t)
	if b, ok := h.Magic("%timeit"); !ok || !strings.Contains(b.Data["text/plain"].(string), "%timeit") {
		t.Errorf("%v", b)
	}
	if b, ok := h.Magic("%nothing"); ok {
		t.Errorf("%v", b)
	}
}
