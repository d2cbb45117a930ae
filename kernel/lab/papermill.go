package lab

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"locuslab/kernel/lab/python"
)

//go:embed papermill/locuslab_papermill.py
var papermillModule []byte

// What makes the module a Python distribution, whose entry point papermill loads.
const (
	papermillInfo     = "locuslab_papermill-1.0.dist-info"
	papermillMetadata = "Metadata-Version: 2.1\nName: locuslab-papermill\nVersion: 1.0\nSummary: Parameters of Go notebooks for papermill\n"
	papermillEntry    = "[papermill.engine]\nlocuslab = locuslab_papermill:Engine\n"
)

// RegisterPapermill lets papermill set the parameters of notebooks for the kernel: it writes a
// module into the site-packages of the Python in prefix, or of the user where prefix is empty,
// and returns those folders, none where there is no Python. papermill need not be there yet.
func RegisterPapermill(ctx context.Context, prefix string) ([]string, error) {
	sites, err := sitePackages(ctx, prefix)
	if err != nil {
		return nil, fmt.Errorf("let papermill set parameters: %w", err)
	}
	for _, dir := range sites {
		info := filepath.Join(dir, papermillInfo)
		err := errors.Join(
			os.MkdirAll(info, 0o755),
			os.WriteFile(filepath.Join(dir, "locuslab_papermill.py"), papermillModule, 0o644),
			os.WriteFile(filepath.Join(info, "METADATA"), []byte(papermillMetadata), 0o644),
			os.WriteFile(filepath.Join(info, "entry_points.txt"), []byte(papermillEntry), 0o644),
			os.WriteFile(filepath.Join(info, "INSTALLER"), []byte("locuslab\n"), 0o644),
			os.WriteFile(filepath.Join(info, "RECORD"), []byte("locuslab_papermill.py,,\n"+papermillInfo+"/METADATA,,\n"+papermillInfo+"/entry_points.txt,,\n"+papermillInfo+"/INSTALLER,,\n"+papermillInfo+"/RECORD,,\n"), 0o644),
		)
		if err != nil {
			return nil, fmt.Errorf("let papermill set parameters: %w", err)
		}
	}
	return sites, nil
}

func sitePackages(ctx context.Context, prefix string) ([]string, error) {
	if prefix != "" {
		return filepath.Glob(filepath.Join(prefix, "lib", "python3*", "site-packages"))
	}
	found, err := python.Find(ctx)
	if err != nil {
		return nil, nil // the kernel works without
	}
	// It ends with 1 or 2 where the user's folder is not looked at, as in a virtual environment.
	out, err := exec.CommandContext(ctx, found.Path, "-m", "site", "--user-site").Output()
	if err != nil {
		return nil, ctx.Err()
	}
	return []string{strings.TrimSpace(string(out))}, nil
}
