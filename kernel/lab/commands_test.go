package lab_test

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"locuslab/kernel/process/processtest"
)

// TestCommandsSayWhatToDo gives each command what it cannot work with: it must
// end with status 1 and one clear message.
func TestCommandsSayWhatToDo(t *testing.T) {
	p := buildProgram(t)
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { taken.Close() }) // after the parallel cases
	port := strconv.Itoa(taken.Addr().(*net.TCPAddr).Port)
	file("ensurepip.py", "raise ModuleNotFoundError('not packaged')\n")
	occupied := file("occupied", "")

	for _, c := range []struct {
		name string
		args []string
		env  []string
		want []string
	}{
		{"malformed notebook", []string{"run", file("cut.ipynb", `{"cells": [`)}, nil, []string{"cut.ipynb", "line 1, column 12", "cut short"}},
		{"no notebook", []string{"run", filepath.Join(dir, "absent.ipynb")}, nil, []string{"absent.ipynb", "no such file"}},
		{"notebook in another language", []string{"run", file("python.ipynb", `{"nbformat": 4, "metadata": {"kernelspec": {"language": "python"}}, "cells": []}`)}, nil, []string{"in python", "locuslab lab"}},
		{"Python without venv", []string{"lab", "--setup-only"}, []string{"PYTHONPATH=" + dir}, []string{"ensurepip is missing", "install"}},
		{"no such Python", []string{"lab", "--setup-only"}, []string{"LOCUSLAB_PYTHON=absent-python"}, []string{"absent-python", "3.10", "install"}},
		{"port taken, lab", []string{"lab", "--no-browser", "--port", port}, nil, []string{"port " + port, "in use", "--port"}},
		{"no address, lab", []string{"lab", "--no-browser", "--ip", "localhost"}, nil, []string{"--ip localhost", "127.0.0.1"}},
		{"lab on no notebook", []string{"lab", filepath.Join(dir, "absent.ipynb")}, nil, []string{"absent.ipynb", "no such file"}},
		{"install into a file", []string{"install", "--prefix", occupied}, nil, []string{"occupied", "not a directory"}},
		{"cache that is a file", []string{"install"}, []string{"XDG_CACHE_HOME=" + occupied}, []string{"occupied", "not a directory"}},
		{"doctor without Python", []string{"doctor"}, []string{"LOCUSLAB_PYTHON=absent-python"}, []string{"lacks 1"}},
		{"unknown command", []string{"lav"}, nil, []string{`unknown command "lav"`}},
		{"unknown flag", []string{"lab", "--prot", "1"}, nil, []string{"unknown flag: --prot"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, stderr, status := p.Output(t, c.env, c.args...)
			if status != 1 {
				t.Errorf("exit status %d", status)
			}
			for _, want := range c.want {
				if !strings.Contains(stderr, want) {
					t.Errorf("message does not say %q:\n%s", want, stderr)
				}
			}
			if strings.Contains(stderr, "goroutine ") || strings.Count("\n"+stderr, "\nlocuslab: ") != 1 {
				t.Errorf("not one clear message:\n%s", stderr)
			}
		})
	}
}

func TestDoctorNamesTheCommandThatMends(t *testing.T) {
	p := buildProgram(t)
	if out, stderr, status := p.Output(t, nil, "doctor"); status != 0 {
		t.Errorf("status %d on the machine that runs the tests:\n%s%s", status, out, stderr)
	}
	out, _, _ := p.Output(t, []string{"CC=absent-cc"}, "doctor")
	if !strings.Contains(out, "warning  C compiler") || !strings.Contains(out, "install it with") {
		t.Errorf("doctor says\n%s", out)
	}
}

func TestInstallRegistersAKernelThatOutlivesTheProgram(t *testing.T) {
	p := buildProgram(t)
	data := t.TempDir()
	out, stderr, status := p.Output(t, []string{"JUPYTER_DATA_DIR=" + data}, "install")
	if status != 0 {
		t.Fatalf("status %d:\n%s%s", status, out, stderr)
	}
	content, err := os.ReadFile(filepath.Join(data, "kernels", "locuslab", "kernel.json"))
	if err != nil {
		t.Fatal(err)
	}
	var spec struct {
		Argv          []string `json:"argv"`
		DisplayName   string   `json:"display_name"`
		Language      string   `json:"language"`
		InterruptMode string   `json:"interrupt_mode"`
	}
	if err := json.Unmarshal(content, &spec); err != nil {
		t.Fatal(err)
	}
	if spec.DisplayName != "Go (locuslab)" || spec.Language != "go" || spec.InterruptMode != "message" {
		t.Errorf("kernelspec %+v", spec)
	}
	if len(spec.Argv) != 3 || spec.Argv[1] != "serve" || spec.Argv[2] != "{connection_file}" {
		t.Fatalf("argv %q", spec.Argv)
	}
	if err := os.Remove(p.Exe); err != nil {
		t.Fatal(err)
	}
	processtest.Run(t, spec.Argv[0], "version")
}
