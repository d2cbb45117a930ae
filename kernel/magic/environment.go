package magic

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"locuslab/kernel/display"
)

var (
	env = command{"%env [NAME[=value]]", "show or set environment variables of the cells and of shell commands", runEnv}
	pwd = command{"%pwd", "show the working directory", func(_ context.Context, h Host, _ Call, out display.Output) error {
		out.Write(display.Stdout, h.Dir()+"\n")
		return nil
	}}
	get = command{"%get path[@version]", "add a package to the session's module", func(ctx context.Context, h Host, c Call, out display.Output) error {
		if c.Args == "" {
			return usage("%%get wants a package: %%get github.com/go-gota/gota@v0.12.0")
		}
		if err := h.Get(ctx, c.Args); err != nil {
			return err
		}
		out.Write(display.Stdout, "got "+c.Args+"\n")
		return nil
	}}
)

func runEnv(ctx context.Context, h Host, c Call, out display.Output) error {
	environ := h.Environ()
	if c.Args == "" {
		slices.Sort(environ)
		for _, entry := range environ {
			name, value, _ := strings.Cut(entry, "=")
			out.Write(display.Stdout, name+"="+mask(name, value)+"\n")
		}
		return nil
	}
	name, value, set := strings.Cut(c.Args, "=")
	if !set {
		name, value, set = strings.Cut(c.Args, " ")
	}
	name = strings.TrimSpace(name)
	if !set {
		for _, entry := range environ {
			if n, v, _ := strings.Cut(entry, "="); n == name {
				out.Write(display.Stdout, mask(name, v)+"\n")
				return nil
			}
		}
		return usage("the environment has no variable %s; set it with %%env %s=value", name, name)
	}
	value = strings.TrimSpace(value)
	if n := len(value); n >= 2 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
		value = value[1 : n-1]
	}
	if err := h.Setenv(ctx, name, value); err != nil {
		return err
	}
	out.Write(display.Stdout, fmt.Sprintf("env: %s=%s\n", name, mask(name, value)))
	return nil
}

// mask hides what a saved notebook must not hold.
func mask(name, value string) string {
	upper := strings.ToUpper(name)
	for _, word := range []string{"TOKEN", "SECRET", "PASSWORD", "PASSWD", "KEY", "CREDENTIAL"} {
		if strings.Contains(upper, word) && value != "" {
			return "••••••"
		}
	}
	return value
}
