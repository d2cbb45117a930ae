package service

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

// File is the name of the file in which a folder of notebooks names its services.
const File = "services.json"

// Config is a service that a folder asks for.
type Config struct {
	Name     string   `json:"name"`     // for messages
	Command  []string `json:"command"`  // the program and its arguments
	Provides []string `json:"provides"` // the variables that it prints
	Dir      string   `json:"-"`        // where the command runs
}

// ReadFolder returns the services that the notebooks in a folder ask for: none if it
// has no such file.
func ReadFolder(dir string) ([]Config, error) {
	path := filepath.Join(dir, File)
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read which services the notebooks need: %w", err)
	}
	var file struct {
		Services []Config `json:"services"`
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil {
		return nil, fmt.Errorf("%s, line %d: %w", path, lineOf(content, decoder.InputOffset()), err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("%s, line %d: something follows the services", path, lineOf(content, decoder.InputOffset()))
	}
	for i := range file.Services {
		if err := file.Services[i].check(); err != nil {
			return nil, fmt.Errorf("%s: service %d: %w", path, i+1, err)
		}
		file.Services[i].Dir = dir
	}
	return file.Services, nil
}

func lineOf(content []byte, offset int64) int {
	return 1 + bytes.Count(content[:offset], []byte("\n"))
}

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (c Config) check() error {
	switch {
	case c.Name == "":
		return errors.New(`it has no "name"`)
	case len(c.Command) == 0 || c.Command[0] == "":
		return fmt.Errorf(`%s has no "command", such as ["go", "run", "./server"]`, c.Name)
	case len(c.Provides) == 0:
		return fmt.Errorf(`%s "provides" no variable, so nothing tells when it is ready`, c.Name)
	}
	for _, name := range c.Provides {
		if !variableName.MatchString(name) {
			return fmt.Errorf("%s provides %q, which is no name of a variable", c.Name, name)
		}
	}
	return nil
}
