package main_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/kerneltest"
)

// TestCacheHealsItself empties the cache below a running kernel, and damages it
// before another one starts.
func TestCacheHealsItself(t *testing.T) {
	spec := kerneltest.FreshSpec(t)
	cache := filepath.Join(os.Getenv("XDG_CACHE_HOME"), "locuslab")
	dir := t.TempDir()
	start := func() *client.Kernel {
		k, err := client.Start(t.Context(), spec, client.Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	expect := func(k *client.Kernel, code, want string) {
		t.Helper()
		o, err := k.Run(t.Context(), code)
		if err != nil {
			t.Fatal(err)
		}
		if got := o.Result("text/plain"); o.Status != "ok" || got != want {
			t.Errorf("%s: %s, %q, want %q\n%s%v", code, o.Status, got, want, o.Stream("stderr"), o.Failure())
		}
	}
	empty := func() {
		for _, part := range []string{"modules", "workers"} {
			if err := os.RemoveAll(filepath.Join(cache, part)); err != nil {
				t.Fatal(err)
			}
		}
	}
	k := start()
	expect(k, "x := 20\nfunc twice(n int) int { return 2 * n }\ntwice(x)", "40")
	empty()
	expect(k, "twice(x) + 1", "41")
	if o, err := k.Run(t.Context(), "os.Exit(1)"); err != nil || o.Status != "error" {
		t.Fatal(o, err)
	}
	empty()
	expect(k, "twice(4)", "8")
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}

	workers, err := filepath.Glob(filepath.Join(cache, "workers", "*", "*"))
	if err != nil || len(workers) == 0 {
		t.Fatal("no worker in the cache", err)
	}
	workers = slices.DeleteFunc(workers, func(file string) bool { return filepath.Base(file) == "source" || filepath.Base(file) == "lock" })
	modules, err := filepath.Glob(filepath.Join(cache, "modules", "*", "go.mod"))
	if err != nil || len(modules) == 0 {
		t.Fatal("no module of a session in the cache", err)
	}
	for _, file := range append(workers, modules...) {
		if info, err := os.Stat(file); err != nil || os.Truncate(file, info.Size()/2) != nil {
			t.Fatal(file, err)
		}
	}
	again := start()
	expect(again, "strings.ToUpper(\"well\")", "WELL")
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}
