package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"locuslab/locuskit"
)

// stream fetches connections while they are written. Not all of them are in memory at any time: they are written as they arrive,
// in the order of the whitelabels, so that the same fetch makes the same file.
type stream struct {
	whitelabels locuskit.Whitelabels
	partial     bool
	fetch       func(context.Context) iter.Seq2[locuskit.Fetched, error]

	rows   int
	failed error // of the fetch; what was fetched is written all the same if partial
}

func (s *stream) summary() string {
	return fmt.Sprintf("%d connections of %d whitelabels", s.rows, len(s.whitelabels))
}

// encode fetches, and writes to w in a format.
func (s *stream) encode(ctx context.Context, format string, w io.Writer) error {
	// That ctx ends is the end of the fetch; what is there by then can still be written.
	out := newEncoder(context.WithoutCancel(ctx), format, w)
	waiting := &queue{put: func(c locuskit.Connections) error {
		s.rows += len(c)
		return out.put(c)
	}}
	defer waiting.close()
	place := make(map[int]int, len(s.whitelabels))
	for i, wl := range s.whitelabels {
		place[wl.ID] = i
	}
	var failures []error
	for got, failed := range s.fetch(ctx) {
		i, ofOne := place[got.Whitelabel.ID]
		if failed != nil {
			failures = append(failures, failed)
			if !s.partial {
				break
			}
			if !ofOne || got.Whitelabel == (locuskit.Whitelabel{}) {
				continue // of the whole fetch
			}
			got.Connections = nil
		}
		if err := waiting.add(i, got.Connections); err != nil {
			return err
		}
	}
	if s.failed = errors.Join(failures...); s.failed != nil && !s.partial {
		s.failed = failures[0]
		return s.failed
	}
	if err := waiting.rest(); err != nil {
		return err
	}
	return out.end()
}
