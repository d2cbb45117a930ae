package locustest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// Replay makes the service answer from a folder that [Record] filled, as long after the request as the
// recorded service took, divided by [Speed]. What was not recorded is answered with 404.
func Replay(dir string) Option { return func(c *config) { c.replayed = dir } }

func checkRecording(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.body"))
	if err == nil && len(files) == 0 {
		_, err = os.Stat(dir)
		if err == nil {
			err = errors.New("there is no recording in it: make one with Record")
		}
	}
	if err != nil {
		return fmt.Errorf("locustest: replay %s: %w", dir, err)
	}
	return nil
}

func (s *service) replay(w http.ResponseWriter, r *http.Request) {
	address := addressOf(r)
	a, body, err := loadRecorded(s.replayed, address)
	switch {
	case r.Method != http.MethodGet || errors.Is(err, fs.ErrNotExist):
		fail(w, http.StatusNotFound, "not in the recording: "+r.Method+" "+address)
		return
	case err != nil:
		fail(w, http.StatusInternalServerError, "the recording is damaged: "+err.Error())
		return
	}
	took, err := time.ParseDuration(a.Took)
	if err != nil {
		took = 0 // somebody has edited it: an answer at once is better than none
	}
	if s.wait(r, took) {
		s.send(w, r, a.ContentType, body)
	}
}

func loadRecorded(dir, address string) (a recorded, body []byte, err error) {
	file := fileOf(dir, address)
	about, err := os.ReadFile(file + ".json")
	if err != nil {
		return a, nil, err
	}
	if err := json.Unmarshal(about, &a); err != nil {
		return a, nil, fmt.Errorf("%s.json: %w", filepath.Base(file), err)
	}
	body, err = os.ReadFile(file + ".body")
	return a, body, err
}
