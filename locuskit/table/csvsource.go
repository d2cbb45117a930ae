package table

import (
	"io"
	"os"

	"locuslab/locuskit/table/internal/csvtext"
	"locuslab/locuskit/table/internal/utf8text"
)

// csvSource is a CSV text as a reader with options gives it. It can be read again, from where
// the reader stood, if the reader can seek.
type csvSource struct {
	name string // in errors
	r    io.Reader
	form csvForm
	back func() error // nil: it cannot be read again

	told reading
}

func newCSVSource(r io.Reader, name string, told reading) *csvSource {
	s := &csvSource{name: name, r: r, form: told.csvForm, told: told}
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

// open is the text from its start, in UTF-8 and without what is to be passed over.
func (s *csvSource) open() (io.Reader, error) {
	r, err := utf8text.Decode(s.r, s.told.encoding)
	if err != nil {
		return nil, err
	}
	if r, err = csvtext.SkipLines(r, s.form.skip); err != nil {
		return nil, err
	}
	return csvtext.Uncommented(r, s.form.comment, s.form.comma()), nil
}

func (f csvForm) comma() byte {
	if f.separator == 0 {
		return ','
	}
	return f.separator
}

// size is how many bytes the text has, 0 where that is not known.
func (s *csvSource) size() int {
	if f, ok := s.r.(*os.File); ok {
		return sizeOf(f)
	}
	return 0
}

// sizeOf is how many bytes a file has, 0 where that is not known.
func sizeOf(f *os.File) int {
	if info, err := f.Stat(); err == nil {
		return int(info.Size())
	}
	return 0
}
