package lab

import (
	"bufio"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Checkout finds the project's own sources: the folder of module locuslab that
// encloses one of the given folders, or else the one that this program was
// built from.
func Checkout(near ...string) (string, error) {
	if _, file, _, ok := runtime.Caller(0); ok {
		near = append(near, filepath.Dir(file))
	}
	for _, dir := range near {
		abs, err := filepath.Abs(dir)
		if err != nil {
			continue
		}
		for ; ; abs = filepath.Dir(abs) {
			if moduleName(filepath.Join(abs, "go.mod")) == "locuslab" {
				return abs, nil
			}
			if abs == filepath.Dir(abs) {
				break
			}
		}
	}
	return "", errors.New("the sources of locuslab are not here; run this command in a clone of the project")
}

// moduleName is the module path in a go.mod file, or "".
func moduleName(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if name, ok := strings.CutPrefix(strings.TrimSpace(lines.Text()), "module "); ok {
			return strings.Trim(strings.TrimSpace(name), `"`)
		}
	}
	return ""
}
