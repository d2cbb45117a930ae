package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/janpfeifer/gonb/gonbui/protocol"

	"locuslab/kernel/build"
	"locuslab/kernel/cell"
	"locuslab/kernel/display"
	"locuslab/kernel/magic"
	"locuslab/kernel/session/frontend/probe"
	"locuslab/kernel/session/standalone"
)

// A cell under %wasm is a program of its own that the page runs, as under gonb. Its file has
// a name by its content: an older output that is shown again runs the program that it is of.

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// mostPrograms is how many files of programs are kept for the page.
const mostPrograms = 20

// ServeFiles implements magic.Host.
func (h host) ServeFiles(ctx context.Context) error {
	if h.options.Server == nil {
		return &magic.UsageError{Message: "%wasm needs a Jupyter server, which gives the program to the page: the kernel has not been started by one, or it does not tell which folder it serves"}
	}
	h.mu.Lock()
	folder := h.files
	h.mu.Unlock()
	if folder == nil {
		var err error
		if folder, err = h.options.Server.NewFolder(); err != nil {
			return err
		}
		h.mu.Lock()
		h.files = folder
		h.mu.Unlock()
	}
	return errors.Join(h.Setenv(ctx, protocol.GONB_WASM_DIR_ENV, folder.Dir), h.Setenv(ctx, protocol.GONB_WASM_URL_ENV, folder.URL))
}

// executeForPage runs a cell's magics, then builds its Go code and has the page run it.
func (s *Session) executeForPage(ctx context.Context, w *work, h host) error {
	var args []string
	for _, seg := range w.segments {
		if seg.line == nil {
			continue
		}
		if list, ok, err := seg.line.Arguments(); err != nil {
			return magicFailure(err)
		} else if ok {
			args = list
			continue
		}
		if err := s.runLine(ctx, *seg.line, w.Text, h); err != nil {
			return err
		}
	}
	if !w.HasGo() {
		return nil
	}
	id := "gonb_id_" + strings.ToLower(rand.Text()[:8])
	program, err := s.buildForPage(ctx, w.Cell, h, id)
	if err != nil {
		return err
	}
	support, err := os.ReadFile(filepath.Join(s.workspace.GOROOT(), "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return fmt.Errorf("read what runs WebAssembly in a page: %w", err)
	}
	const supportName = "wasm_exec.js"
	if err := os.WriteFile(filepath.Join(s.files.Dir, supportName), support, 0o644); err != nil {
		return fmt.Errorf("give the page what runs WebAssembly: %w", err)
	}
	var html strings.Builder
	err = pageTemplate.Execute(&html, map[string]any{
		"ID": id, "Support": path.Join(s.files.URL, supportName), "Program": path.Join(s.files.URL, program), "Args": append([]string{"js"}, args...),
	})
	if err != nil {
		return err
	}
	h.out.Display(display.Bundle{Data: map[string]any{"text/html": html.String(), "text/plain": "a program that runs in JupyterLab"}})
	return nil
}

// buildForPage builds a cell's program and returns the name of its file.
func (s *Session) buildForPage(ctx context.Context, c *cell.Cell, h host, id string) (string, error) {
	browser, err := s.workspace.ForBrowser(ctx)
	if err != nil {
		return "", err
	}
	program, err := s.pageProgram(ctx, c, h.count, browser, map[string]string{
		"GonbWasmDir": s.files.Dir, "GonbWasmUrl": s.files.URL, "GonbWasmDivId": id,
	})
	if err != nil {
		return "", err
	}
	h.noteVariables(program)
	built := filepath.Join(s.files.Dir, id+".wasm")
	if err := browser.BuildProgram(ctx, []byte(program.Source(false)), built); err != nil {
		return "", standaloneFailure(err)
	}
	content, err := os.ReadFile(built)
	if err != nil {
		return "", fmt.Errorf("read the program that was built: %w", err)
	}
	sum := sha256.Sum256(content)
	name := "cell_" + hex.EncodeToString(sum[:6]) + ".wasm"
	if err := os.Rename(built, filepath.Join(s.files.Dir, name)); err != nil {
		return "", fmt.Errorf("give the program to the page: %w", err)
	}
	s.programs = append(slices.DeleteFunc(s.programs, func(other string) bool { return other == name }), name)
	if len(s.programs) > mostPrograms {
		_ = os.Remove(filepath.Join(s.files.Dir, s.programs[0])) // goes with the folder else
		s.programs = s.programs[1:]
	}
	return name, nil
}

// pageProgram makes the source of a cell's program.
func (s *Session) pageProgram(ctx context.Context, c *cell.Cell, count int, browser *build.Workspace, constants map[string]string) (*standalone.Program, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := probe.New(s.scope, s.units, c, nil)
	u.ID, u.Count = max(s.nextUnit, count), count
	u.File = s.units.NewFile(u.ID, count)
	s.nextUnit = u.ID + 1
	return standalone.NewForPage(ctx, u, browser, browser.StandaloneRuntimePath(), constants)
}
