package wire

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os/user"
	"sync"
	"time"
)

// Version is the version of the messaging protocol that headers announce.
const Version = "5.4"

// delimiter ends the routing frames of a message.
var delimiter = []byte("<IDS|MSG>")

var emptyObject = []byte("{}")

// Header says what a message is and who sent it.
type Header struct {
	ID       string `json:"msg_id"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Date     string `json:"date"`
	Type     string `json:"msg_type"`
	Version  string `json:"version"`
}

// Message is one message. Its JSON parts are kept as they came, so that a reply
// can name its parent byte for byte.
type Message struct {
	// Topic stands before the delimiter: the subject of a broadcast, or the
	// routing frames of a relay.
	Topic [][]byte
	Header
	// Raw is the header as it came; empty in a message that is to be sent.
	Raw      json.RawMessage
	Parent   json.RawMessage
	Metadata json.RawMessage
	Content  json.RawMessage
	Buffers  [][]byte
}

// ParentID is the msg_id of the message that m belongs to, or "".
func (m Message) ParentID() string {
	var parent Header
	if json.Unmarshal(m.Parent, &parent) != nil {
		return ""
	}
	return parent.ID
}

// Decode unmarshals the content into v.
func (m Message) Decode(v any) error {
	if err := json.Unmarshal(m.Content, v); err != nil {
		return fmt.Errorf("content of %s is not of its form: %w", m.Type, err)
	}
	return nil
}

var username = sync.OnceValue(func() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "unknown"
})

// New makes a message of a session, dated now, with content in JSON.
func New(session, kind string, parent json.RawMessage, content any) (Message, error) {
	raw, err := json.Marshal(content)
	if err != nil {
		return Message{}, fmt.Errorf("make a %s message: %w", kind, err)
	}
	return Message{
		Header: Header{
			ID: rand.Text(), Session: session, Username: username(),
			Date: time.Now().UTC().Format("2006-01-02T15:04:05.000000Z"), Type: kind, Version: Version,
		},
		Parent:  parent,
		Content: raw,
	}, nil
}

// frames returns the message as it goes over the wire, signed with key.
func (m Message) frames(key []byte) ([][]byte, error) {
	header := []byte(m.Raw)
	if len(header) == 0 {
		var err error
		if header, err = json.Marshal(m.Header); err != nil {
			return nil, fmt.Errorf("write the header of %s: %w", m.Type, err)
		}
	}
	parts := [][]byte{header, orEmpty(m.Parent), orEmpty(m.Metadata), orEmpty(m.Content)}
	frames := make([][]byte, 0, len(m.Topic)+6+len(m.Buffers))
	frames = append(frames, m.Topic...)
	frames = append(frames, delimiter, sign(key, parts))
	frames = append(frames, parts...)
	return append(frames, m.Buffers...), nil
}

func orEmpty(part json.RawMessage) []byte {
	if len(part) == 0 {
		return emptyObject
	}
	return part
}

// ErrSignature is the error of a message whose signature is not that of the
// connection's key.
var ErrSignature = errors.New("signature does not match the connection's key")

// parse reads a message from its frames and checks its signature. It takes
// whatever a peer may send.
func parse(key []byte, frames [][]byte) (Message, error) {
	at := -1
	for i, frame := range frames {
		if bytes.Equal(frame, delimiter) {
			at = i
			break
		}
	}
	if at < 0 {
		return Message{}, fmt.Errorf("message of %d frames without the delimiter %s", len(frames), delimiter)
	}
	rest := frames[at+1:]
	if len(rest) < 5 {
		return Message{}, fmt.Errorf("message with %d frames after the delimiter; a signature and four parts are needed", len(rest))
	}
	parts := rest[1:5]
	if !signed(key, parts, rest[0]) {
		return Message{}, ErrSignature
	}
	m := Message{
		Topic: frames[:at], Raw: parts[0], Parent: parts[1], Metadata: parts[2], Content: parts[3], Buffers: rest[5:],
	}
	for i, name := range []string{"header", "parent header", "metadata", "content"} {
		if !isObject(parts[i]) {
			return Message{}, fmt.Errorf("%s of the message is not a JSON object", name)
		}
	}
	if err := json.Unmarshal(m.Raw, &m.Header); err != nil {
		return Message{}, fmt.Errorf("header of the message is not of its form: %w", err)
	}
	if m.Type == "" || m.ID == "" {
		return Message{}, errors.New("header of the message lacks msg_type or msg_id")
	}
	return m, nil
}

func isObject(part []byte) bool {
	trimmed := bytes.TrimLeft(part, " \t\r\n")
	return len(trimmed) > 0 && trimmed[0] == '{' && json.Valid(trimmed)
}
