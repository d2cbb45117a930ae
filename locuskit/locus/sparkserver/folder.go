package sparkserver

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// folder is where the processes of a server keep their files: settings with a secret, and what does not fit into memory. Whoever is
// killed removes none, so the next server removes the folders of those that are gone. A folder is in use as long as a lock on
// a file in it is held, by this program and all that inherits the open file, and the system takes the lock from the dead.
type folder struct {
	path string
	lock *os.File
}

const (
	folders  = "locuslab-spark-*"
	lockName = "in-use"
)

// newFolder makes a folder, and removes those that nobody uses any more.
func newFolder() (*folder, error) {
	sweep(os.TempDir())
	path, err := os.MkdirTemp("", folders)
	if err != nil {
		return nil, err
	}
	// The file gets its name when it is locked: at no time is there one that another program could take for a dead one's.
	lock, err := os.OpenFile(filepath.Join(path, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		if err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err == nil {
			err = os.Rename(lock.Name(), filepath.Join(path, lockName))
		}
		if err != nil {
			lock.Close()
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock the folder %s: %w", path, err), os.RemoveAll(path))
	}
	return &folder{path, lock}, nil
}

// remove removes the folder, once the server's processes are gone.
func (f *folder) remove() {
	os.RemoveAll(f.path)
	f.lock.Close()
}

// sweep removes the folders whose users are gone. What cannot be removed, such as another user's, is left for others.
func sweep(dir string) {
	locks, err := filepath.Glob(filepath.Join(dir, folders, lockName))
	if err != nil {
		return
	}
	for _, path := range locks {
		f, err := os.OpenFile(path, os.O_RDWR|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
		if err != nil {
			continue
		}
		if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			os.RemoveAll(filepath.Dir(path))
		}
		f.Close()
	}
}
