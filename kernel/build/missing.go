package build

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// MissingError says that a package cannot be imported, and why.
type MissingError struct {
	Package string
	Why     string
	err     error // the go command's
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("there is no package %q: %s", e.Package, e.Why)
}

func (e *MissingError) Unwrap() error { return e.err }

// explain turns the go command's complaint about imports into one about a package.
func (w *Workspace) explain(paths []string, err error) error {
	text := err.Error()
	var failed *goError
	if errors.As(err, &failed) {
		text = failed.said
	}
	for _, path := range paths {
		name := w.Original(path)
		if !strings.Contains(text, path) {
			continue
		}
		user := w.rootModule()
		switch rest, inside := strings.CutPrefix(name, user+"/"); {
		case user != "" && inside && !exists(filepath.Join(w.root, filepath.FromSlash(rest))):
			return &MissingError{name, fmt.Sprintf("the module %s has no folder %s", user, rest), err}
		case strings.HasPrefix(name, ownModule+"/") && user != ownModule && !strings.HasPrefix(user, ownModule+"/"):
			return &MissingError{name, "outside of a clone of this project the kernel provides " + strings.Join(w.ownPackages(), ", ") + "; for others, require the module locuslab in go.mod and replace it by the clone's folder", err}
		case strings.Contains(text, "GOPROXY=off") && w.isFixed():
			return &MissingError{name, fmt.Sprintf("it is in no module that was fetched, and %%noautoget forbids to fetch one: %%get %s fetches it, %%autoget allows it again", name), err}
		case strings.Contains(text, "package "+path+" is not in std"):
			return &MissingError{name, "it is not in the standard library, and the path of any other begins with a host such as github.com", err}
		case strings.Contains(text, "no required module provides package"), strings.Contains(text, "reading http"), strings.Contains(text, "cannot find module"), strings.Contains(text, "does not contain package"):
			return &MissingError{name, "it could not be fetched; is it spelt right, and is the network there?\n" + text, err}
		}
	}
	return fmt.Errorf("import %s: %w", strings.Join(w.named(paths), ", "), err)
}
