// Package filelock locks a resource that processes share, such as a cache folder, by means of
// a lock file. The lock is the system's: a process that is killed leaves none behind. The
// package knows nothing of what is locked.
package filelock

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// Lock waits until no other process holds the lock of a file, which it makes if need be, and
// takes it. waiting, unless it is nil, is called once if it has to wait.
func Lock(ctx context.Context, path string, waiting func()) (unlock func(), err error) {
	for waited := false; ; waited = true {
		if unlock, err := Try(path); !errors.Is(err, ErrHeld) {
			return unlock, err
		}
		if !waited && waiting != nil {
			waiting()
		}
		select { // the system can wait for a lock, but not for a context, too
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for the lock %s: %w", path, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// ErrHeld is Try's error where somebody else holds the lock.
var ErrHeld = errors.New("another process holds it")

// Try takes the lock of a file, which it makes if need be, if nobody else holds it.
func Try(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	for {
		switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
		case err == nil:
			return func() { f.Close() }, nil
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EWOULDBLOCK):
			err = ErrHeld
			fallthrough
		default:
			f.Close()
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
	}
}
