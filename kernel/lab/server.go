package lab

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"locuslab/kernel/filelock"
	"locuslab/kernel/lab/python"
	"locuslab/kernel/process"
)

// DefaultPort is where JupyterLab answers unless told otherwise.
const DefaultPort = 8888

// ServerOptions say how JupyterLab is started.
type ServerOptions struct {
	Environment Environment
	Cache       string
	Root        string   // the folder that JupyterLab shows
	Open        string   // the notebook to open, relative to Root; "" for none
	IP          string   // to answer on; "" is 127.0.0.1
	Port        int      // 0: DefaultPort, or a free one when that is taken
	Env         []string // variables for the kernels, beside this process's own
}

// Server is a running JupyterLab.
type Server struct {
	child   *process.Child
	port    int
	release func() // of the port
	token   string
	open    string
	logPath string
}

// StartServer starts JupyterLab on 127.0.0.1, or on IP, with a fresh token and
// returns once it answers.
func StartServer(ctx context.Context, o ServerOptions) (_ *Server, err error) {
	port, release, err := reservePort(o.Port)
	if err != nil {
		return nil, err
	}
	s := &Server{port: port, release: release, token: rand.Text(), open: o.Open}
	defer func() {
		if err != nil {
			release()
		}
	}()
	home := filepath.Join(o.Cache, "jupyter-home")
	logs := filepath.Join(o.Cache, "logs")
	for _, dir := range []string{home, logs} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("cannot start JupyterLab: %w", err)
		}
	}
	s.logPath = filepath.Join(logs, fmt.Sprintf("jupyterlab-%d.log", port))
	logFile, err := os.OpenFile(s.logPath, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("cannot start JupyterLab: %w", err)
	}
	defer logFile.Close()

	cmd := exec.Command(o.Environment.Program("python"), "-m", "jupyterlab",
		"--no-browser",
		"--ServerApp.ip="+cmp.Or(o.IP, "127.0.0.1"),
		"--ServerApp.port="+strconv.Itoa(port),
		"--ServerApp.port_retries=0",
		"--ServerApp.root_dir="+o.Root,
		"--MultiKernelManager.default_kernel_name=locuslab",
		"--ServerApp.allow_root=True", // no harm on loopback with a token, and containers run as root
	)
	if o.Open != "" {
		cmd.Args = append(cmd.Args, "--ServerApp.preferred_dir="+filepath.Join(o.Root, filepath.Dir(o.Open)))
	}
	cmd.Dir = o.Root
	cmd.Env = append(python.Env(), o.Env...)
	cmd.Env = append(cmd.Env,
		"JUPYTER_TOKEN="+s.token, // not an argument, which everybody on the machine can read
		"JUPYTER_PREFER_ENV_PATH=1",
		"JUPYTER_CONFIG_DIR="+filepath.Join(home, "config"),
		"JUPYTER_RUNTIME_DIR="+filepath.Join(home, "runtime"),
		"PATH="+o.Environment.Program("")+string(os.PathListSeparator)+os.Getenv("PATH"),
	)
	cmd.Stdout, cmd.Stderr = logFile, logFile
	if s.child, err = process.Start(cmd); err != nil {
		return nil, fmt.Errorf("cannot start JupyterLab: %w", err)
	}
	if err := s.waitReady(ctx); err != nil {
		s.child.End(endLimit)
		return nil, err
	}
	return s, nil
}

// endLimit is how long JupyterLab may take to end its kernels.
const endLimit = 10 * time.Second

// CheckPort says whether JupyterLab can be started on a port; see
// ServerOptions.Port.
func CheckPort(port int) error {
	if port == 0 {
		return nil
	}
	if err := portFree(port); err != nil {
		return fmt.Errorf("port %d is taken or not allowed (%w); choose another with --port, or leave --port out to get a free one", port, err)
	}
	return nil
}

// reservePort returns the wanted port if it is free, or, when none is wanted, the first free
// one from DefaultPort on. JupyterLab takes it some seconds later: until release, other starts
// of this user, whatever their cache, find it reserved.
func reservePort(wanted int) (port int, release func(), err error) {
	reservations := filepath.Join(os.TempDir(), fmt.Sprintf("locuslab-ports-%d", os.Getuid()))
	if err := os.MkdirAll(reservations, 0o700); err != nil {
		return 0, nil, fmt.Errorf("reserve a port for JupyterLab: %w", err)
	}
	reserve := func(port int) error {
		unlock, err := filelock.Try(filepath.Join(reservations, strconv.Itoa(port)))
		if err != nil {
			return err
		}
		if err := CheckPort(port); err != nil {
			unlock()
			return err
		}
		release = unlock
		return nil
	}
	if wanted == 0 {
		port, err = firstPort(reserve)
		return port, release, err
	}
	if err = reserve(wanted); errors.Is(err, filelock.ErrHeld) {
		err = fmt.Errorf("another JupyterLab is being started on port %d; choose another with --port, or leave --port out to get a free one", wanted)
	}
	return wanted, release, err
}

// firstPort returns the first port from DefaultPort on that can be had.
func firstPort(take func(port int) error) (port int, err error) {
	for port := DefaultPort; port < DefaultPort+50; port++ {
		if err = take(port); err == nil {
			return port, nil
		}
	}
	return 0, fmt.Errorf("no free port between %d and %d; choose one with --port: %w", DefaultPort, DefaultPort+49, err)
}

func portFree(port int) error {
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		var sys *os.SyscallError
		if errors.As(err, &sys) {
			return sys.Err
		}
		return err
	}
	return l.Close()
}

// waitReady polls until the server answers with its token.
func (s *Server) waitReady(ctx context.Context) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(2 * time.Minute)
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.child.Done():
			return fmt.Errorf("JupyterLab ended at once (%w):\n%s", s.exitError(), s.logTail())
		case <-deadline:
			return fmt.Errorf("JupyterLab does not answer on port %d after two minutes; its log is %s", s.port, s.logPath)
		case <-tick.C:
			if s.answers(ctx) {
				return nil
			}
		}
	}
}

func (s *Server) answers(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Base()+"/api/status", nil)
	if err != nil {
		return false
	}
	req.Header.Set("Authorization", "token "+s.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

func (s *Server) exitError() error {
	if s.child.Err() == nil {
		return errors.New("without an error")
	}
	return s.child.Err()
}

// logTail is the end of JupyterLab's log, indented.
func (s *Server) logTail() string {
	content, err := os.ReadFile(s.logPath)
	if err != nil {
		return "  (no log: " + err.Error() + ")"
	}
	lines := strings.Split(string(bytes.TrimSpace(content)), "\n")
	return "  " + strings.Join(lines[max(0, len(lines)-12):], "\n  ")
}

// Base is the server's address without a path.
func (s *Server) Base() string { return "http://127.0.0.1:" + strconv.Itoa(s.port) }

// URL is the address to open in a browser, with the token.
func (s *Server) URL() string {
	path := "/lab"
	if s.open != "" {
		path += "/tree/" + (&url.URL{Path: filepath.ToSlash(s.open)}).EscapedPath()
	}
	return s.Base() + path + "?token=" + s.token
}

// Log is the path of JupyterLab's log.
func (s *Server) Log() string { return s.logPath }

// Wait waits until ctx is done, or until the server ends by itself, which is an
// error unless it was told to from its own menu.
func (s *Server) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-s.child.Done():
		if s.child.Err() == nil {
			return nil
		}
		return fmt.Errorf("JupyterLab ended (%w):\n%s", s.child.Err(), s.logTail())
	}
}

// Close ends JupyterLab, which ends its kernels.
func (s *Server) Close() {
	s.child.End(endLimit)
	s.release()
}
