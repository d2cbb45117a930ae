// Package wholefile writes a file so that it appears whole or not at all, where the user meant
// it to be: at the end of symbolic links, with the mode that the file had, and into what is no regular
// file, such as a pipe or a device, instead of over it. It knows nothing of what is written.
package wholefile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// Write has fill write the file.
func Write(path string, fill func(io.Writer) error) error {
	if err := write(path, fill); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

func write(path string, fill func(io.Writer) error) error {
	path, err := behindLinks(path)
	if err != nil {
		return err
	}
	switch at, err := os.Lstat(path); {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	case err == nil && at.IsDir():
		return errors.New("it is a folder: name a file in it")
	case err == nil && !at.Mode().IsRegular():
		return into(path, fill)
	}
	f, err := renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)), renameio.WithPermissions(0o644), renameio.WithExistingPermissions())
	if err != nil {
		return err
	}
	if err := fill(f); err != nil {
		return errors.Join(err, f.Cleanup())
	}
	if err := f.CloseAtomicallyReplace(); err != nil {
		return errors.Join(err, f.Cleanup())
	}
	return nil
}

// into writes to what is there.
func into(path string, fill func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(fill(f), f.Close())
}

// behindLinks returns where path leads to. What is there need not exist yet.
func behindLinks(path string) (string, error) {
	for range 40 { // as many as Linux follows
		at, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return path, nil
		}
		if err != nil {
			return "", err
		}
		if at.Mode().Type() != fs.ModeSymlink {
			return path, nil
		}
		if to, err := filepath.EvalSymlinks(path); err == nil {
			return to, nil
		}
		to, err := os.Readlink(path)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return "", errors.New("its symbolic links lead in a circle")
}
