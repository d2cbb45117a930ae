package build

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"strings"
)

// pluginArchives are the packages compiled for being part of a shared object, which
// mixed and full links put into a cell. known are the export data that the cell was
// compiled against; an archive is of the same source or of no use. The archives are
// listed once for a worker: asking the go command again would take longer than the link.
func (w *Workspace) pluginArchives(ctx context.Context, image *workerImage, known map[string]string, paths []string) (map[string]string, error) {
	list := image.Exe + ".archives"
	w.mu.Lock()
	if w.archives == nil {
		w.archives = map[string]string{}
		if text, err := os.ReadFile(list); err == nil {
			_ = json.Unmarshal(text, &w.archives) // a damaged list is made again
		}
	}
	archives := maps.Clone(w.archives)
	w.mu.Unlock()
	var missing []string
	for _, p := range paths {
		if p != "unsafe" && !sameSource(archives[p], known[p]) {
			missing = append(missing, p)
		}
	}
	if len(missing) == 0 {
		return archives, nil
	}
	if len(missing) > 10 {
		w.progress("compiling packages for linking them into the cell (once)…")
	}
	listed, err := w.listExports(ctx, false, append(w.compileFlags(), "-buildmode=plugin"), missing)
	if err != nil {
		return nil, fmt.Errorf("compile %s for the cell: %w", strings.Join(missing, ", "), err)
	}
	for p, e := range listed {
		if e.File != "" {
			archives[p] = e.File
		}
	}
	var changes []change
	for _, p := range missing {
		if e := listed[p]; !sameSource(archives[p], known[p]) {
			changes = append(changes, change{export{Path: p, Dir: e.Dir}, e, w.isFolder(e)})
		}
	}
	if len(changes) > 0 {
		return nil, staleError(w.named(missing), changes)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.archives = maps.Clone(archives)
	text, err := json.Marshal(archives)
	if err == nil {
		err = writeFile(list, text)
	}
	if err != nil {
		return nil, fmt.Errorf("keep the list of compiled packages: %w", err)
	}
	return archives, nil
}

// sameSource reports whether two archives, compiled in different ways, are of one
// package in one state: the compiler gives their objects a fingerprint of what the
// package exports, by which the linker knows them, too.
func sameSource(a, b string) bool {
	one, err := fingerprint(a)
	if err != nil {
		return false
	}
	other, err := fingerprint(b)
	return err == nil && bytes.Equal(one, other)
}

// objectHead is how far into a file of an archive its object is looked for: what cgo tells
// the linker stands before it.
const objectHead = 1 << 20

// fingerprint reads that of an archive's first object, which is the compiler's.
func fingerprint(archive string) ([]byte, error) {
	f, err := os.Open(archive)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	at := int64(len("!<arch>\n"))
	for {
		head := make([]byte, 60) // of ar
		if _, err := f.ReadAt(head, at); err != nil {
			return nil, err
		}
		var size int64
		if _, err := fmt.Sscan(string(head[48:58]), &size); err != nil {
			return nil, fmt.Errorf("read %s: %w", archive, err)
		}
		for part := int64(4096); !bytes.HasPrefix(head, []byte("__.PKGDEF")); part = min(objectHead, part*16) {
			start := make([]byte, min(size, part))
			if _, err := f.ReadAt(start, at+60); err != nil && !errors.Is(err, io.EOF) {
				return nil, err
			}
			if i := bytes.Index(start, []byte(objectMagic)); i >= 0 && i+16 <= len(start) {
				return start[i+8:][:8], nil
			}
			if part >= min(size, objectHead) {
				break
			}
		}
		at += 60 + size + size%2
	}
}
