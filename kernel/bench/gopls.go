package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
)

// A gopls is a running language server with one file open. It speaks as much of the Language
// Server Protocol as an editor does that completes and shows documentation.
type gopls struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	uri     string
	version int // of the file's text

	mu      sync.Mutex // guards writing, and what follows
	last    int
	waiting map[int]chan lspMessage
	ended   error
}

type lspMessage struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  any             `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// startGopls starts a server for a folder and opens a file in it, whose text it is given.
func startGopls(ctx context.Context, program, dir, file, text string) (*gopls, error) {
	g := &gopls{cmd: exec.CommandContext(ctx, program, "serve"), uri: "file://" + filepath.Join(dir, file), waiting: map[int]chan lspMessage{}}
	g.cmd.Dir, g.cmd.Stderr = dir, os.Stderr
	out, err := g.cmd.StdoutPipe()
	if err == nil {
		g.in, err = g.cmd.StdinPipe()
	}
	if err == nil {
		err = g.cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("start gopls: %w", err)
	}
	go g.read(bufio.NewReader(out))
	folder := "file://" + dir
	err = g.call(ctx, "initialize", map[string]any{
		"processId": os.Getpid(), "rootUri": folder, "workspaceFolders": []any{map[string]any{"uri": folder, "name": "bench"}},
		"capabilities": map[string]any{"textDocument": map[string]any{"hover": map[string]any{"contentFormat": []string{"markdown"}}}},
	}, nil)
	if err == nil {
		err = g.send(lspMessage{Method: "initialized", Params: map[string]any{}})
	}
	if err == nil {
		err = g.send(lspMessage{Method: "textDocument/didOpen", Params: map[string]any{
			"textDocument": map[string]any{"uri": g.uri, "languageId": "go", "version": 0, "text": text},
		}})
	}
	if err != nil {
		g.close()
		return nil, err
	}
	return g, nil
}

func (g *gopls) close() {
	g.in.Close()
	_ = g.cmd.Process.Kill() // it keeps nothing
	_ = g.cmd.Wait()
}

// change gives the file another text.
func (g *gopls) change(text string) error {
	g.version++
	return g.send(lspMessage{Method: "textDocument/didChange", Params: map[string]any{
		"textDocument":   map[string]any{"uri": g.uri, "version": g.version},
		"contentChanges": []any{map[string]any{"text": text}},
	}})
}

// ask asks about a place of the file; line and character count from 0.
func (g *gopls) ask(ctx context.Context, method string, line, character int, result any) error {
	return g.call(ctx, method, map[string]any{
		"textDocument": map[string]any{"uri": g.uri}, "position": map[string]any{"line": line, "character": character},
	}, result)
}

func (g *gopls) call(ctx context.Context, method string, params, result any) error {
	reply := make(chan lspMessage, 1)
	g.mu.Lock()
	g.last++
	id := g.last
	g.waiting[id] = reply
	ended := g.ended
	g.mu.Unlock()
	if ended != nil {
		return fmt.Errorf("ask gopls: %w", ended)
	}
	if err := g.send(lspMessage{ID: json.RawMessage(strconv.Itoa(id)), Method: method, Params: params}); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case m, ok := <-reply:
		switch {
		case !ok:
			return fmt.Errorf("gopls has ended while it was asked %s", method)
		case m.Error != nil:
			return fmt.Errorf("gopls answers %s: %s", method, m.Error.Message)
		case result == nil:
			return nil
		}
		return json.Unmarshal(m.Result, result)
	}
}

func (g *gopls) send(m lspMessage) error {
	m.Version = "2.0"
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if _, err := fmt.Fprintf(g.in, "Content-Length: %d\r\n\r\n%s", len(text), text); err != nil {
		return fmt.Errorf("tell gopls: %w", err)
	}
	return nil
}

// read hands out the answers, and answers what the server itself asks with nothing.
func (g *gopls) read(r *bufio.Reader) {
	err := g.readAll(r)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ended = err
	for _, reply := range g.waiting {
		close(reply)
	}
	clear(g.waiting)
}

func (g *gopls) readAll(r *bufio.Reader) error {
	for {
		header, err := textproto.NewReader(r).ReadMIMEHeader()
		if err != nil {
			return err
		}
		n, err := strconv.Atoi(header.Get("Content-Length"))
		if err != nil {
			return errors.New("a message of gopls has no length")
		}
		text := make([]byte, n)
		if _, err := io.ReadFull(r, text); err != nil {
			return err
		}
		var m lspMessage
		if err := json.Unmarshal(text, &m); err != nil {
			return fmt.Errorf("read what gopls says: %w", err)
		}
		if m.Method != "" {
			if m.ID != nil {
				if err := g.send(lspMessage{ID: m.ID, Result: json.RawMessage("null")}); err != nil {
					return err
				}
			}
			continue
		}
		id, _ := strconv.Atoi(string(m.ID)) // its own are numbers
		g.mu.Lock()
		reply := g.waiting[id]
		delete(g.waiting, id)
		g.mu.Unlock()
		if reply != nil {
			reply <- m
		}
	}
}
