package gosuite

import (
	"bytes"
	"context"
	"fmt"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// An Importer knows the types of the standard library's packages, from the export
// data that the go command keeps in its build cache. It may be used from several
// goroutines.
type Importer struct {
	mu   sync.Mutex
	data map[string]string // files of export data by import path
	gc   types.Importer
}

// NewImporter asks the go command for what the programs import.
func NewImporter(ctx context.Context, programs []Program) (*Importer, error) {
	var paths []string
	for _, p := range programs {
		file, err := parser.ParseFile(token.NewFileSet(), p.Path, p.Source, parser.ImportsOnly)
		if err != nil {
			return nil, fmt.Errorf("read the imports of %s: %w", p.Name, err)
		}
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err == nil && path != "C" && path != "unsafe" && !slices.Contains(paths, path) {
				paths = append(paths, path)
			}
		}
	}
	i := &Importer{data: map[string]string{}}
	i.gc = importer.ForCompiler(token.NewFileSet(), "gc", i.open)
	if len(paths) == 0 {
		return i, nil
	}
	args := append([]string{"list", "-e", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}", "--"}, paths...)
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("ask the go command for the export data of %d packages: %w\n%s", len(paths), err, stderr.String())
	}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		i.data[path] = file
	}
	return i, nil
}

func (i *Importer) open(path string) (io.ReadCloser, error) {
	file := i.data[path]
	if file == "" {
		return nil, fmt.Errorf("no export data of package %s", path)
	}
	return os.Open(file)
}

// Import implements [types.Importer].
func (i *Importer) Import(path string) (*types.Package, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.gc.Import(path)
}
