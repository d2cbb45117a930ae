// Package pagefiles puts files where the Jupyter server that started the kernel serves them
// to its page. The server tells in a file of its own what folder it serves, and below which
// path of its address.
//
// It knows neither what the files are nor what the page does with them.
package pagefiles

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"locuslab/kernel/cleanup"
)

// subfolder of what the server serves; gonb's is the same. It must not begin with a dot: the
// server shows no hidden files.
const subfolder = "jupyter_files"

// A Server is a Jupyter server.
type Server struct {
	Root string `json:"root_dir"` // the folder that it serves
	Base string `json:"base_url"` // the path of its address that everything is below
}

// FindServer finds the server with a process id by what it wrote into the folder where
// servers and kernels keep such files, one of those given.
func FindServer(pid int, folders ...string) (Server, error) {
	var failed error
	for _, folder := range folders {
		if folder == "" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, "jpserver-"+strconv.Itoa(pid)+".json"))
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		var s Server
		if err := json.Unmarshal(text, &s); err != nil {
			return s, fmt.Errorf("read what the Jupyter server tells of itself: %w", err)
		}
		if s.Root != "" {
			return s, nil
		}
	}
	return Server{}, errors.Join(fmt.Errorf("no Jupyter server with process id %d tells of itself", pid), failed)
}

// A Folder is one that a page can load files from.
type Folder struct {
	Dir string
	URL string // of Dir, without the server's name
}

// NewFolder makes a folder of its own below what the server serves. It goes with this process,
// however that ends.
func (s Server) NewFolder() (*Folder, error) {
	name := strings.ToLower(rand.Text()[:8])
	f := &Folder{Dir: filepath.Join(s.Root, subfolder, name), URL: path.Join("/", s.Base, "files", subfolder, name)}
	if err := os.MkdirAll(f.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("make a folder that the Jupyter server serves: %w", err)
	}
	if err := cleanup.OnEnd(f.Dir); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Close removes the folder and all that is in it.
func (f *Folder) Close() error {
	err := os.RemoveAll(f.Dir)
	_ = os.Remove(filepath.Dir(f.Dir)) // unless other kernels have theirs there
	return err
}
