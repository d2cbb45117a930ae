package magic

import (
	"context"
	"strings"

	"locuslab/kernel/display"
)

var (
	cd = command{"%cd [folder], %cd -", "change the working directory of cells and shell commands; - goes back", func(ctx context.Context, h Host, c Call, out display.Output) error {
		return changeTo(ctx, h, c.Args, out)
	}}
	pushd = command{"%pushd folder", "change to a folder and remember the one before, for %popd", func(ctx context.Context, h Host, c Call, out display.Output) error {
		left := h.Dir()
		if err := changeTo(ctx, h, c.Args, out); err != nil {
			return err
		}
		s := h.State()
		s.mu.Lock()
		defer s.mu.Unlock()
		s.stacked = append(s.stacked, left)
		return nil
	}}
	popd = command{"%popd", "go back to the folder that %pushd has left", func(ctx context.Context, h Host, _ Call, out display.Output) error {
		s := h.State()
		s.mu.Lock()
		if len(s.stacked) == 0 {
			s.mu.Unlock()
			return usage("%%popd has nowhere to go back to: %%pushd remembers a folder")
		}
		last := len(s.stacked) - 1
		to := s.stacked[last]
		s.stacked = s.stacked[:last]
		s.mu.Unlock()
		return changeTo(ctx, h, to, out)
	}}
)

// changeTo changes the working directory to a folder as a user names it.
func changeTo(ctx context.Context, h Host, dir string, out display.Output) error {
	dir = strings.Trim(dir, `"'`)
	s := h.State()
	switch dir {
	case "":
		dir = "~"
	case "-":
		s.mu.Lock()
		dir = s.before
		s.mu.Unlock()
		if dir == "" {
			return usage("%%cd - has nowhere to go back to: the folder has not changed yet")
		}
	}
	left := h.Dir()
	if err := h.Chdir(ctx, expand(h, dir)); err != nil {
		return err
	}
	s.mu.Lock()
	s.before = left
	s.mu.Unlock()
	out.Write(display.Stdout, h.Dir()+"\n")
	return nil
}
