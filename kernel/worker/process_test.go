package worker_test

import (
	"testing"

	"locuslab/kernel/worker"
	"locuslab/kernel/worker/workertest"
)

func start(t *testing.T) (*workertest.Engine, *workertest.Screen) {
	return workertest.New(t, "."), &workertest.Screen{}
}

func run(t *testing.T, e *workertest.Engine, s *workertest.Screen, id int, source string) worker.Outcome {
	t.Helper()
	o, err := e.Run(t.Context(), e.Unit(id, source), s)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestEnvironmentAndFolder(t *testing.T) {
	e, s := start(t)
	dir := t.TempDir()
	if err := e.Process.Setenv("GREETING", "hello"); err != nil {
		t.Fatal(err)
	}
	if err := e.Process.Chdir(dir); err != nil {
		t.Fatal(err)
	}
	if err := e.Process.Chdir(dir + "/absent"); err == nil {
		t.Error("no error for a folder that is not there")
	}
	run(t, e, s, 1, "package main\n\nimport \"fmt\"\nimport \"os\"\n\nfunc Cell_1() {\n\td, _ := os.Getwd()\n\tfmt.Println(os.Getenv(\"GREETING\"), d)\n}\n")
	if s.Stdout() != "hello "+dir+"\n" {
		t.Errorf("printed %q", s.Stdout())
	}
}

func TestRunAgainKeepsVariables(t *testing.T) {
	e, s := start(t)
	run(t, e, s, 1, "package main\n\nimport \"fmt\"\n\nvar n int\n\nfunc Cell_1() { n++; fmt.Println(n) }\n")
	if _, err := e.Process.Run(t.Context(), worker.Run{ID: 1, Entry: e.Entry(1)}, s); err != nil {
		t.Fatal(err)
	}
	if s.Stdout() != "1\n2\n" {
		t.Errorf("printed %q", s.Stdout())
	}
}
