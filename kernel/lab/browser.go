package lab

import (
	"errors"
	"os/exec"
	"runtime"
)

// OpenBrowser opens an address in the user's browser.
func OpenBrowser(url string) error {
	programs := []string{"xdg-open", "wslview", "sensible-browser"}
	if runtime.GOOS == "darwin" {
		programs = []string{"open"}
	}
	for _, program := range programs {
		path, err := exec.LookPath(program)
		if err != nil {
			continue
		}
		cmd := exec.Command(path, url)
		if err := cmd.Start(); err != nil {
			continue
		}
		go func() { _ = cmd.Wait() }() // openers end once the browser has the address
		return nil
	}
	return errors.New("no program here opens a browser; open the address above yourself")
}
