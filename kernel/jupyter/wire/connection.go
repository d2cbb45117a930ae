package wire

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
)

// Connection is the content of a connection file: where a kernel listens and the
// key that signs its messages.
type Connection struct {
	Transport       string `json:"transport"`
	IP              string `json:"ip"`
	ShellPort       int    `json:"shell_port"`
	ControlPort     int    `json:"control_port"`
	StdinPort       int    `json:"stdin_port"`
	IOPubPort       int    `json:"iopub_port"`
	HeartbeatPort   int    `json:"hb_port"`
	Key             string `json:"key"`
	SignatureScheme string `json:"signature_scheme"`
	KernelName      string `json:"kernel_name,omitempty"`
}

// Channel names one of the five sockets of a kernel.
type Channel string

// The channels of a kernel.
const (
	Shell     Channel = "shell"
	Control   Channel = "control"
	Stdin     Channel = "stdin"
	IOPub     Channel = "iopub"
	Heartbeat Channel = "hb"
)

// ReadConnection reads the connection file at path.
func ReadConnection(path string) (Connection, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Connection{}, fmt.Errorf("read the connection file: %w", err)
	}
	var c Connection
	if err := json.Unmarshal(text, &c); err != nil {
		return Connection{}, fmt.Errorf("connection file %s is not the JSON that a Jupyter front end writes: %w", path, err)
	}
	if err := c.check(); err != nil {
		return Connection{}, fmt.Errorf("connection file %s: %w", path, err)
	}
	return c, nil
}

func (c Connection) check() error {
	if c.Transport != "tcp" && c.Transport != "ipc" {
		return fmt.Errorf("transport %q is neither tcp nor ipc", c.Transport)
	}
	if c.IP == "" {
		return errors.New("ip is missing")
	}
	for _, channel := range []Channel{Shell, Control, Stdin, IOPub, Heartbeat} {
		if port := c.port(channel); port < 1 || port > 65535 {
			return fmt.Errorf("%s_port is %d; a port is from 1 to 65535", channel, port)
		}
	}
	if c.SignatureScheme != "" && c.SignatureScheme != "hmac-sha256" {
		return fmt.Errorf("signature scheme %q is not known; only hmac-sha256 is", c.SignatureScheme)
	}
	return nil
}

func (c Connection) port(channel Channel) int {
	switch channel {
	case Shell:
		return c.ShellPort
	case Control:
		return c.ControlPort
	case Stdin:
		return c.StdinPort
	case IOPub:
		return c.IOPubPort
	default:
		return c.HeartbeatPort
	}
}

// address returns the network and address, in the terms of package net, of a
// channel.
func (c Connection) address(channel Channel) (network, address string) {
	port := strconv.Itoa(c.port(channel))
	if c.Transport == "ipc" {
		return "unix", c.IP + "-" + port
	}
	return "tcp", net.JoinHostPort(c.IP, port)
}

// NewConnection picks free loopback ports and a random key.
//
// The ports are free now; that they still are when the kernel binds them is as
// likely as for any Jupyter front end, which all pick them in this way.
func NewConnection() (Connection, error) {
	var ports [5]int
	for i := range ports {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return Connection{}, fmt.Errorf("find a free loopback port: %w", err)
		}
		defer l.Close() // held until all five are found, so that they differ
		ports[i] = l.Addr().(*net.TCPAddr).Port
	}
	var key [32]byte
	rand.Read(key[:])
	return Connection{
		Transport: "tcp", IP: "127.0.0.1",
		ShellPort: ports[0], ControlPort: ports[1], StdinPort: ports[2], IOPubPort: ports[3], HeartbeatPort: ports[4],
		Key: hex.EncodeToString(key[:]), SignatureScheme: "hmac-sha256",
	}, nil
}

// Taken tells whether some program listens on one of the ports, or holds it.
func (c Connection) Taken() bool {
	for channel := range kernelRole {
		l, err := net.Listen(c.address(channel))
		if err != nil {
			return true
		}
		l.Close()
	}
	return false
}

// WriteFile writes the connection to path, readable by its owner only: the key
// in it lets whoever has it run code.
func (c Connection) WriteFile(path string) error {
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return fmt.Errorf("write the connection file %s: %w", filepath.Base(path), err)
	}
	if err := os.WriteFile(path, append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("write the connection file: %w", err)
	}
	return nil
}
