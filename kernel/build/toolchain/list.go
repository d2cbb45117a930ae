package toolchain

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// A Package is a package as go list builds it.
type Package struct {
	ImportPath string
	Export     string // its archive
	Deps       []string
	Error      *struct{ Err string }
}

// List builds packages and all that they import, as far as the build cache does not
// have them, and returns them by import path. One that does not build has an Error and
// no archive.
func (t *Toolchain) List(ctx context.Context, dir string, patterns ...string) (map[string]Package, error) {
	args := append([]string{"list", "-export", "-deps", "-e", "-buildvcs=false", "-json=ImportPath,Export,Deps,Error", "--"}, patterns...)
	out, err := t.run(ctx, dir, "go", args...)
	if err != nil {
		return nil, fmt.Errorf("build the packages %s: %w", strings.Join(patterns, " "), err)
	}
	listed := map[string]Package{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p Package
		if err := d.Decode(&p); err == io.EOF {
			return listed, nil
		} else if err != nil {
			return nil, fmt.Errorf("read what go list says: %w", err)
		}
		listed[p.ImportPath] = p
	}
}

// Archives are the archives of packages that have one.
func Archives(listed map[string]Package) map[string]string {
	files := map[string]string{}
	for path, p := range listed {
		if p.Export != "" {
			files[path] = p.Export
		}
	}
	return files
}

// importConfig is the text by which compiler and linker find archives.
func importConfig(archives map[string]string) []byte {
	var b bytes.Buffer
	for _, path := range slices.Sorted(maps.Keys(archives)) {
		fmt.Fprintf(&b, "packagefile %s=%s\n", path, archives[path])
	}
	return b.Bytes()
}
