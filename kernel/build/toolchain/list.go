package toolchain

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// A Package is a package as go list builds it.
type Package struct {
	ImportPath, Name string
	Export           string   `json:",omitempty"` // its archive; empty for one that does not build
	Dir              string   `json:",omitempty"`
	Deps             []string `json:",omitempty"`
	EmbedFiles       []string `json:",omitempty"` // relative to Dir
	Standard         bool     `json:",omitempty"`
	Error            *Fault   `json:",omitempty"`
	DepsErrors       []Fault  `json:",omitempty"` // of what it imports
	// IgnoredGoFiles are those that the settings leave out, such as files with C code.
	IgnoredGoFiles                              []string `json:",omitempty"`
	CgoFiles, CXXFiles, SwigFiles, SwigCXXFiles []string `json:",omitempty"`
}

// A Fault is what is wrong with a package.
type Fault struct{ Pos, Err string }

func (f Fault) Error() string {
	if f.Pos == "" {
		return f.Err
	}
	return f.Pos + ": " + f.Err
}

// ListCommand is the go command's arguments that have it build packages and all that they
// import, as far as the build cache does not have them, and describe them.
func ListCommand(patterns ...string) []string {
	var fields []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Package]()) {
		fields = append(fields, f.Name)
	}
	return append([]string{"list", "-export", "-deps", "-e", "-v", "-buildvcs=false", "-json=" + strings.Join(fields, ","), "--"}, patterns...)
}

// ReadList reads what ListCommand prints: packages, by import path.
func ReadList(out []byte) (map[string]Package, error) {
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

// List builds packages and all that they import, and returns them by import path. One
// that does not build has an Error and no archive.
func (t *Toolchain) List(ctx context.Context, dir string, patterns ...string) (map[string]Package, error) {
	cmd := Command(ctx, dir, t.env, "go", ListCommand(patterns...)...)
	var out bytes.Buffer
	cmd.Stdout = &out
	said, err := Follow(ctx, cmd, t.tell, patterns)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("build the packages %s: %w", strings.Join(patterns, " "), &Error{Tool: "go list", Err: err, Output: said})
	}
	return ReadList(out.Bytes())
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
