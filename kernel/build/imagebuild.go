package build

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"locuslab/kernel/worker"
)

// buildImage compiles and links a worker that holds the wanted packages. Those
// that do not build, or end the process when they are initialised, are left out:
// a notebook's neighbour may import what only works elsewhere.
func (w *Workspace) buildImage(ctx context.Context, wanted []string) (*workerImage, error) {
	w.progress(fmt.Sprintf("compiling %d packages for the worker (the first time takes about a minute)…", len(wanted)))
	start := time.Now()
	listed, err := w.listExports(ctx, true, w.compileFlags(), append([]string{w.module + "/dynamic"}, wanted...))
	if err != nil {
		return nil, fmt.Errorf("compile the worker's packages: %w", err)
	}
	var held []string
	for _, p := range wanted {
		switch e := listed[p]; {
		case e.Error != nil || e.File == "":
			w.progress("leaving out " + p + ", which does not build")
			delete(listed, p)
		case e.Name != "main":
			held = append(held, p)
		}
	}
	for {
		w.progress("linking the worker…")
		image, partial, err := w.linkImage(ctx, listed, held, wanted)
		if err != nil {
			return nil, err
		}
		failure := tryImage(ctx, partial)
		if failure == nil {
			if err := w.keepImage(image, partial); err != nil {
				return nil, err
			}
			w.progress(fmt.Sprintf("the worker is ready (%.0f s)", time.Since(start).Seconds()))
			return image, nil
		}
		os.Remove(partial)
		blamed := w.blame(failure, listed, held)
		if len(blamed) == 0 || ctx.Err() != nil {
			return nil, failure
		}
		w.progress("leaving out " + strings.Join(blamed, ", ") + ", which ends the process that imports it")
		held = slices.DeleteFunc(held, func(p string) bool { return slices.Contains(blamed, p) })
		listed = w.reached(listed, held)
	}
}

// linkImage links the worker into a file that is not the cache's yet.
func (w *Workspace) linkImage(ctx context.Context, listed map[string]export, held, wanted []string) (image *workerImage, partial string, err error) {
	if err := w.writeKeep(listed, held); err != nil {
		return nil, "", err
	}
	// The go command has completed go.mod and go.sum by now.
	image = &workerImage{Packages: map[string]export{}, Wanted: wanted, Folders: w.folders(listed)}
	image.Stamp = sourceStamp(image.Folders)
	contents := sha256.Sum256([]byte(strings.Join(wanted, " ")))
	image.Exe = filepath.Join(w.home, w.imageName()+"-"+image.Stamp+hex.EncodeToString(contents[:4]))
	for p, e := range listed {
		if e.File != "" && e.Name != "main" {
			image.Packages[p] = e
		}
	}
	args := append([]string{"build", "-buildmode=exe"}, w.compileFlags()...)
	if w.fast {
		args = append(args, "-ldflags=-checklinkname=0 -s=false -w")
	} else {
		args = append(args, "-ldflags=-w")
	}
	partial = image.Exe + ".new"
	if _, err := w.goCommand(ctx, append(args, "-o", partial, w.module+"/"+keepFolder)...); err != nil {
		return nil, "", fmt.Errorf("build the worker: %w", err)
	}
	return image, partial, nil
}

// tryImage starts the worker, which initialises all that it holds, and ends it.
func tryImage(ctx context.Context, exe string) error {
	p, err := worker.Start(ctx, worker.Config{Exe: exe, Dir: os.TempDir(), Env: os.Environ()})
	if err != nil {
		return err
	}
	return p.Close()
}

// blame names the packages beyond the standard library that a worker may have
// died of at its start: those that the stack names with an initialiser, or that
// depend on one; all of them where it names none.
func (w *Workspace) blame(failure error, listed map[string]export, held []string) []string {
	var died *worker.Died
	if !errors.As(failure, &died) {
		return nil
	}
	named := func(p string) bool { return strings.Contains(died.Stderr, "\n"+p+".init") }
	var all, blamed []string
	for _, p := range held {
		if e := listed[p]; !e.Std && !strings.HasPrefix(p, w.module) {
			all = append(all, p)
			if named(p) || slices.ContainsFunc(e.Deps, named) {
				blamed = append(blamed, p)
			}
		}
	}
	if len(blamed) == 0 {
		return all
	}
	return blamed
}

// reached keeps of listed what the host and the held packages need.
func (w *Workspace) reached(listed map[string]export, held []string) map[string]export {
	kept := map[string]export{}
	for _, p := range append([]string{w.module + "/dynamic"}, held...) {
		kept[p] = listed[p]
		for _, d := range listed[p].Deps {
			if e, ok := listed[d]; ok {
				kept[d] = e
			}
		}
	}
	return kept
}

// keepImage makes a linked worker the cache's.
func (w *Workspace) keepImage(image *workerImage, partial string) error {
	info, err := os.Stat(partial)
	if err != nil {
		return fmt.Errorf("keep the worker in the cache: %w", err)
	}
	image.Size = info.Size()
	text, err := json.Marshal(image)
	if err == nil {
		err = os.Rename(partial, image.Exe)
	}
	if err == nil {
		err = writeFile(filepath.Join(w.home, w.imageName()+".json"), text)
	}
	if err != nil {
		return fmt.Errorf("keep the worker in the cache: %w", err)
	}
	return nil
}
