package csv

import (
	"io"
	"os"
	"slices"

	"locuslab/locuskit/table/internal/csvtext"
	"locuslab/locuskit/table/internal/ctxio"
	"locuslab/locuskit/table/internal/numtext"
	"locuslab/locuskit/table/internal/reading"
	"locuslab/locuskit/table/internal/utf8text"
)

// Source is a CSV text as a reader with options gives it. It can be read again, from where
// the reader stood, if the reader can seek.
type Source struct {
	name string // in errors
	r    io.Reader
	form reading.CSVForm
	back func() error // nil: it cannot be read again

	told reading.Options

	numberNulls bool // some word for null is a number
}

// NewSource returns a text to be read with options; name stands for it in errors.
func NewSource(r io.Reader, name string, told reading.Options) *Source {
	s := &Source{name: name, r: r, form: told.CSVForm, told: told}
	s.numberNulls = slices.ContainsFunc(told.Nulls, func(word string) bool {
		_, number := numtext.ReadFloat([]byte(word))
		return number
	})
	if seeker, ok := r.(io.Seeker); ok {
		if start, err := seeker.Seek(0, io.SeekCurrent); err == nil { // a pipe is a file, and cannot
			s.back = func() error {
				_, err := seeker.Seek(start, io.SeekStart)
				return err
			}
		}
	}
	return s
}

// open returns the text from its start, in UTF-8 and without what is to be passed over.
func (s *Source) open() (io.Reader, error) {
	r, err := utf8text.Decode(s.r, s.told.Encoding)
	if err != nil {
		return nil, err
	}
	if r, err = csvtext.SkipLines(r, s.form.Skip); err != nil {
		return nil, err
	}
	return csvtext.Uncommented(r, s.form.Comment, s.form.Comma()), nil
}

// size returns how many bytes the text has, 0 where that is not known.
func (s *Source) size() int {
	if f, ok := s.r.(*os.File); ok {
		return ctxio.Size(f)
	}
	return 0
}
