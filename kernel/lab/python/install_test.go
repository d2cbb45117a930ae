package python

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestPlain(t *testing.T) {
	for settings, want := range map[string]bool{
		"": true,
		":env:.cert='/etc/ssl/cert.pem'\n:env:.find-links='/opt/wheels'\nglobal.timeout='180'\n": true,
		"global.index-url='https://example.org/simple'\n":                                        false,
		":env:.no-input='1'\n:env:.extra-index-url='https://example.org/simple?a=b.c'\n":         false,
		"install.constraint='versions.txt'\n":                                                    false,
		"user.require-hashes='true'\n":                                                           false,
		"something else":                                                                         false,
	} {
		if got := plain(settings); got != want {
			t.Errorf("%q is plain: %v", settings, got)
		}
	}
}

// Where uv does not come, or cannot install, pip does, and the error is pip's.
func TestPipTakesOver(t *testing.T) {
	t.Setenv("PIP_CONFIG_FILE", os.DevNull)
	for _, kv := range os.Environ() {
		if name, _, _ := strings.Cut(kv, "="); strings.HasPrefix(name, "PIP_") && name != "PIP_CONFIG_FILE" {
			t.Setenv(name, "") // so that it is set again after the test
			os.Unsetenv(name)
		}
	}
	dir := t.TempDir()
	found, err := Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), found.Path, "-m", "venv", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	broken := errors.New("no such package")
	install := func(ctx context.Context, fails ...string) (ran []string, err error) {
		err = Install(ctx, dir, []string{"requests==2.32.5"}, func(cmd *exec.Cmd) error {
			name := filepath.Base(cmd.Path)
			if slices.Contains(cmd.Args, uv) {
				name = "pip for uv"
			}
			ran = append(ran, name)
			if slices.Contains(fails, name) {
				return broken
			}
			return nil
		})
		return ran, err
	}
	for _, c := range []struct{ fails, ran []string }{
		{nil, []string{"pip for uv", "uv"}},
		{[]string{"pip for uv"}, []string{"pip for uv", "python"}},
		{[]string{"uv"}, []string{"pip for uv", "uv", "python"}},
		{[]string{"uv", "python"}, []string{"pip for uv", "uv", "python"}},
	} {
		ran, err := install(t.Context(), c.fails...)
		if !slices.Equal(ran, c.ran) || errors.Is(err, broken) != slices.Contains(c.fails, "python") {
			t.Errorf("where %v fail, %v ran, error %v", c.fails, ran, err)
		}
	}
	t.Setenv("PIP_INDEX_URL", "https://example.org/simple")
	if ran, err := install(t.Context()); !slices.Equal(ran, []string{"python"}) || err != nil {
		t.Errorf("with an index of the user's own %v ran, error %v", ran, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if ran, err := install(ctx); len(ran) > 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("after the end %v ran, error %v", ran, err)
	}
}
