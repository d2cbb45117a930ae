package worker_test

import (
	"errors"
	"strings"
	"syscall"
	"testing"

	"locuslab/kernel/worker"
)

func TestDeathsAreTold(t *testing.T) {
	for _, c := range []struct {
		name, source, want string
		check              func(*worker.Died) bool
	}{
		{"exit", "os.Exit(3)", "status 3", func(d *worker.Died) bool { return d.ExitCode == 3 }},
		{"fatal error", "m := map[int]int{}\n\tfor range 8 {\n\t\tgo func() { for i := 0; ; i++ { m[i%10] = i } }()\n\t}\n\tselect {}", "concurrent map", func(d *worker.Died) bool { return d.ExitCode == 2 }},
		{"signal", "syscall.Kill(os.Getpid(), syscall.SIGKILL)\n\tselect {}", "signal 9", func(d *worker.Died) bool { return d.Signal == syscall.SIGKILL }},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, s := start(t)
			_, err := e.Run(t.Context(), e.Unit(1, "package main\n\nimport \"os\"\nimport \"syscall\"\n\nvar _ = os.Exit\nvar _ = syscall.Kill\n\nfunc Cell_1() {\n\t"+c.source+"\n}\n"), s)
			var died *worker.Died
			if !errors.As(err, &died) || !c.check(died) || !strings.Contains(died.Error(), c.want) {
				t.Errorf("error %v, stderr %s", err, s.Stderr())
			}
			if _, err := e.Process.Run(t.Context(), worker.Run{ID: 1, Entry: e.Entry(1)}, s); !errors.As(err, &died) {
				t.Errorf("a run after the end: %v", err)
			}
		})
	}
}
