package build

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"strings"
)

// pluginArchives are the packages compiled for being part of a shared object,
// which mixed and full links put into a cell. They are listed once for a worker:
// asking the go command again would take longer than the link.
func (w *Workspace) pluginArchives(ctx context.Context, image *workerImage, paths []string) (map[string]string, error) {
	list := image.Exe + ".archives"
	w.mu.Lock()
	if w.archives == nil {
		w.archives = map[string]string{}
		if text, err := os.ReadFile(list); err == nil {
			_ = json.Unmarshal(text, &w.archives) // a damaged list is made again
		}
	}
	known := maps.Clone(w.archives)
	w.mu.Unlock()
	var missing []string
	for _, p := range paths {
		if p != "unsafe" && (known[p] == "" || !exists(known[p])) {
			missing = append(missing, p)
		}
	}
	if len(missing) == 0 {
		return known, nil
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
			known[p] = e.File
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.archives = maps.Clone(known)
	text, err := json.Marshal(known)
	if err == nil {
		err = writeFile(list, text)
	}
	if err != nil {
		return nil, fmt.Errorf("keep the list of compiled packages: %w", err)
	}
	return known, nil
}
