package conformance_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestOfficialSuite runs jupyter_kernel_test; no test of it may fail or be left
// out.
func TestOfficialSuite(t *testing.T) {
	path := jupyterPath(t)
	env, err := environment()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(within(t, 15*time.Minute), env.Program("python"), "-m", "unittest", "-v", "test_locuslab")
	cmd.Dir = "testdata"
	cmd.Env = append(os.Environ(), "JUPYTER_PATH="+path, "PYTHONDONTWRITEBYTECODE=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if strings.Contains(string(out), "skipped") {
		t.Errorf("tests were left out:\n%s", out)
	}
	t.Logf("%s", out)
}
