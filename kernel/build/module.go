package build

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	goversion "go/version"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/google/renameio/v2"
	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"locuslab/kernel/worker"
)

// sessionElement ends the session module's path. Below the user's module path
// it may import that module's internal packages.
const sessionElement = "locuslab.session"

// stampFile says of which state of the user's files the session's are.
const stampFile = "user.stamp"

// writeModule derives the session's go.mod and go.sum from the user's: the same
// requirements, the user's module itself by its folder, and what the kernel provides. It is written anew
// only when the user's files have changed; what %get added is kept.
func (w *Workspace) writeModule() error {
	var userMod, userSum []byte
	var err error
	if w.root != "" {
		if userMod, err = os.ReadFile(w.tool.GOMOD); err != nil {
			return fmt.Errorf("read the module's go.mod: %w", err)
		}
		userSum, err = os.ReadFile(filepath.Join(w.root, "go.sum"))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("read the module's go.sum: %w", err)
		}
	}
	provided, err := w.provided()
	if err != nil {
		return err
	}
	if w.isShared() {
		if err := w.writeApart(provided); err != nil {
			return fmt.Errorf("write the module of what the kernel provides: %w", err)
		}
	}
	derived, path, err := deriveModule(userMod, w.tool.GOMOD, w.root, w.tool.GOVERSION, provided)
	if err != nil {
		return err
	}
	w.module = path
	fresh, err := derived.Format()
	if err != nil {
		return fmt.Errorf("write the session's go.mod: %w", err)
	}
	sum := sha256.Sum256(append(fresh, userSum...))
	stamp := hex.EncodeToString(sum[:])
	stampPath := filepath.Join(w.home, stampFile)
	goMod := filepath.Join(w.home, "go.mod")
	if old, err := os.ReadFile(stampPath); err == nil && string(old) == stamp {
		if text, err := os.ReadFile(goMod); err == nil {
			if now, err := modfile.Parse(goMod, text, nil); err == nil && now.Module != nil && now.Module.Mod.Path == path {
				return nil
			}
		}
	}
	if old, err := os.ReadFile(goMod); err == nil {
		keepRequirements(derived, old)
	}
	derived.Cleanup()
	text, err := derived.Format()
	if err != nil {
		return fmt.Errorf("write the session's go.mod: %w", err)
	}
	sumFile := filepath.Join(w.home, "go.sum")
	oldSum, _ := os.ReadFile(sumFile)
	for name, content := range map[string][]byte{goMod: text, sumFile: mergeLines(userSum, oldSum), stampPath: []byte(stamp)} {
		if err := writeFile(name, content); err != nil {
			return fmt.Errorf("write the session's module: %w", err)
		}
	}
	return nil
}

func deriveModule(userMod []byte, userFile, root, version string, provided []providedModule) (*modfile.File, string, error) {
	f := new(modfile.File)
	if root == "" {
		f.AddModuleStmt(sessionElement)
		versions := ownVersions()
		for _, path := range lessonModules {
			if versions[path] != "" {
				f.AddNewRequire(path, versions[path], false)
			}
		}
		return f, sessionElement, errors.Join(addProvided(f, nil, provided), f.AddGoStmt(languageVersion(version)))
	}
	user, err := modfile.Parse(userFile, userMod, nil)
	if err != nil {
		return nil, "", fmt.Errorf("read the module's go.mod: %w", err)
	}
	if user.Module == nil {
		return nil, "", fmt.Errorf("read the module's go.mod: %s has no module line", userFile)
	}
	path := user.Module.Mod.Path
	session := path + "/" + sessionElement
	if err := f.AddModuleStmt(session); err != nil {
		return nil, "", err
	}
	// The worker's sources want this Go. Packages are compiled as their own go.mod says, but
	// defaults of the runtime follow the main module's go line, which is the user's.
	goVersion := languageVersion(version)
	if user.Go != nil {
		if goversion.Compare("go"+user.Go.Version, "go"+goVersion) > 0 {
			goVersion = user.Go.Version
		} else if !slices.ContainsFunc(user.Godebug, func(g *modfile.Godebug) bool { return g.Key == "default" }) {
			if err := f.AddGodebug("default", goversion.Lang("go"+user.Go.Version)); err != nil {
				return nil, "", err
			}
		}
	}
	if err := f.AddGoStmt(goVersion); err != nil {
		return nil, "", err
	}
	for _, g := range user.Godebug {
		if err := f.AddGodebug(g.Key, g.Value); err != nil {
			return nil, "", err
		}
	}
	for _, r := range user.Require {
		f.AddNewRequire(r.Mod.Path, r.Mod.Version, r.Indirect)
	}
	for _, x := range user.Exclude {
		if err := f.AddExclude(x.Mod.Path, x.Mod.Version); err != nil {
			return nil, "", err
		}
	}
	for _, r := range user.Replace {
		to := r.New.Path
		if r.New.Version == "" && !filepath.IsAbs(to) {
			to = filepath.Join(root, to)
		}
		if err := f.AddReplace(r.Old.Path, r.Old.Version, to, r.New.Version); err != nil {
			return nil, "", err
		}
	}
	if err := addProvided(f, user, provided); err != nil {
		return nil, "", err
	}
	_, major, _ := module.SplitPathVersion(path)
	v := "v0.0.0-00010101000000-000000000000"
	if m := strings.TrimLeft(major, "/."); m != "" && m != "v0" && m != "v1" {
		v = m + ".0.0-00010101000000-000000000000"
	}
	f.AddNewRequire(path, v, false)
	return f, session, f.AddReplace(path, "", root, "")
}

// keepRequirements takes over what the session's module requires beyond the
// user's: %get and the go command added it.
func keepRequirements(derived *modfile.File, old []byte) {
	before, err := modfile.Parse("go.mod", old, nil)
	if err != nil {
		return // a damaged file of the cache is replaced
	}
	have := map[string]bool{}
	for _, r := range derived.Require {
		have[r.Mod.Path] = true
	}
	for _, r := range before.Require {
		if !have[r.Mod.Path] {
			derived.AddNewRequire(r.Mod.Path, r.Mod.Version, r.Indirect)
		}
	}
}

// languageVersion is the go line's version for a toolchain, 1.26 for go1.26.8.
func languageVersion(goversion string) string {
	v := strings.TrimPrefix(strings.Fields(goversion + " x")[0], "go")
	if parts := strings.SplitN(v, ".", 3); len(parts) >= 2 {
		return parts[0] + "." + strings.TrimRight(strings.SplitN(parts[1], "rc", 2)[0], "-")
	}
	return "1.26"
}

func mergeLines(texts ...[]byte) []byte {
	seen := map[string]bool{}
	var all bytes.Buffer
	for _, text := range texts {
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); line != "" && !seen[line] {
				seen[line] = true
				all.WriteString(line + "\n")
			}
		}
	}
	return all.Bytes()
}

// standaloneFolders are the packages of worker.Sources that a standalone program
// needs.
var standaloneFolders = []string{"nb", "show", "wire"}

// writeSources puts them into the session's module.
func (w *Workspace) writeSources() error {
	return copySources(worker.Sources, w.home, w.module, languageVersion(w.tool.GOVERSION), standaloneFolders...)
}

// sourcePaths are the import paths of the worker's packages in this program.
var sourcePaths = regexp.MustCompile(`"locuslab/kernel/(?:worker|build)/([\w/]+)"`)

// copySources writes folders of Go sources as packages of a module, in place of what
// another version of this program has put there. Each file says which Go it is
// written in, whatever the module's go line.
func copySources(from fs.FS, dir, module, language string, folders ...string) error {
	for _, folder := range folders {
		present, _ := os.ReadDir(filepath.Join(dir, folder))
		for _, f := range present {
			name := folder + "/" + f.Name()
			if _, err := fs.Stat(from, name); err != nil && !strings.HasPrefix(f.Name(), ".") {
				if err := os.Remove(filepath.Join(dir, name)); err != nil {
					return fmt.Errorf("remove an old source of the worker: %w", err)
				}
			}
		}
		files, err := fs.ReadDir(from, folder)
		if err != nil {
			return err
		}
		for _, f := range files {
			if f.IsDir() || strings.HasSuffix(f.Name(), "_test.go") {
				continue
			}
			text, err := fs.ReadFile(from, folder+"/"+f.Name())
			if err != nil {
				return err
			}
			text = sourcePaths.ReplaceAll(text, []byte(`"`+module+`/$1"`))
			if strings.HasSuffix(f.Name(), ".go") && !bytes.Contains(text, []byte("//go:build")) {
				text = append([]byte("//go:build go"+language+"\n\n"), text...)
			}
			if err := writeFile(filepath.Join(dir, folder, f.Name()), text); err != nil {
				return fmt.Errorf("write the worker's source: %w", err)
			}
		}
	}
	return nil
}

// writeFile replaces a file at once, and leaves one alone that is right already,
// so that a reader in another process never sees half of it.
func writeFile(name string, content []byte) error {
	if old, err := os.ReadFile(name); err == nil && bytes.Equal(old, content) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return renameio.WriteFile(name, content, 0o644, renameio.WithTempDir(filepath.Dir(name)))
}
