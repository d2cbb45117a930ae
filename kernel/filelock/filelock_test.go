package filelock

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
)

func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := Lock(t.Context(), path, func() { t.Error("nobody else has it") })
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := Lock(ctx, path, cancel); !errors.Is(err, context.Canceled) { // cancelled as it begins to wait
		t.Errorf("waiting ended with %v", err)
	}
	waiting, got := make(chan struct{}), make(chan error)
	go func() {
		again, err := Lock(t.Context(), path, func() { close(waiting) })
		if err == nil {
			again()
		}
		got <- err
	}()
	<-waiting
	unlock()
	if err := <-got; err != nil {
		t.Error(err)
	}
	unlock, err = Try(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Try(path); !errors.Is(err, ErrHeld) {
		t.Errorf("a lock that is held: %v", err)
	}
	unlock()
	if _, err := Lock(t.Context(), filepath.Join(path, "below a file"), nil); err == nil {
		t.Error("a lock where no file can be")
	}
}
