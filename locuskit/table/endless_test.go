package table_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"locuslab/locuskit/table"
)

// endless repeats a text behind another.
type endless struct{ text []byte }

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.text[i%len(e.text)]
	}
	return len(p) - len(p)%len(e.text), nil
}

// TestWhatHasNoEndIsRefused reads texts and devices without an end, in a process whose memory has one.
func TestWhatHasNoEndIsRefused(t *testing.T) {
	if os.Getenv("LOCUSKIT_ENDLESS") == "" {
		cmd := exec.CommandContext(t.Context(), "/bin/sh", "-c", `ulimit -v 12000000; exec "$0" -test.run='^TestWhatHasNoEndIsRefused$' -test.timeout=300s`, os.Args[0])
		cmd.Env = append(os.Environ(), "LOCUSKIT_ENDLESS=1", "GOMEMLIMIT=1GiB")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%.3000s", err, out)
		}
		return
	}
	for name, parts := range map[string][2]string{
		"list": {`[{"a":[`, "1,"}, "spaces": {`[{"a":1},`, "    "},
	} {
		_, err := table.ParseJSON(t.Context(), io.MultiReader(strings.NewReader(parts[0]), endless{bytes.Repeat([]byte(parts[1]), 1<<10)}), "endless.json")
		if err == nil || !strings.Contains(err.Error(), "does not end within") {
			t.Errorf("%s: %v", name, err)
		}
	}
	const device = "/dev/zero"
	_, csv := table.ReadCSV(t.Context(), device)
	_, scan := table.ScanCSV(device).GroupSum(t.Context(), "a", "b")
	_, json := table.ReadJSON(t.Context(), device)
	_, parquet := table.ReadParquet(t.Context(), device)
	_, ipc := table.ReadIPC(t.Context(), device)
	for name, err := range map[string]error{"CSV": csv, "scan": scan, "JSON": json, "Parquet": parquet, "IPC": ipc} {
		if err == nil || !strings.Contains(err.Error(), device) {
			t.Errorf("%s of a device: %v", name, err)
		}
	}
}
