package session

import "testing"

func TestInspectShowsDocComments(t *testing.T) {
	s := openTestSession(t, t.TempDir())
	emitted(t, s, "// twice returns n two times.\n//\n//go:noinline\nfunc twice(n int) int { return 2 * n }\n\n// far away\n\nvar x = 1", 1)
	for name, want := range map[string]string{
		"twice": "func twice(n int) int\n\ntwice returns n two times.",
		"x":     "var x int",
	} {
		b, ok := s.Inspect(name, len(name), 0)
		if got := b.Data["text/plain"]; !ok || got != want {
			t.Errorf("%s? is %q, want %q", name, got, want)
		}
	}
}
