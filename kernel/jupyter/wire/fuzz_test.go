package wire

import (
	"bytes"
	"net"
	"testing"
)

var key = []byte("key")

func FuzzParse(f *testing.F) {
	m, err := New("session", "execute_request", nil, map[string]string{"code": "x"})
	if err != nil {
		f.Fatal(err)
	}
	m.Buffers = [][]byte{[]byte("buffer")}
	frames, err := m.frames(key)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(bytes.Join(frames, []byte{0}), true)
	f.Add([]byte("<IDS|MSG>\x00\x00{}\x00{}\x00{}\x00{}"), false)
	f.Fuzz(func(t *testing.T, data []byte, sign bool) {
		var k []byte
		if sign {
			k = key
		}
		m, err := parse(k, bytes.Split(data, []byte{0}))
		if err != nil {
			return
		}
		// What is accepted can be sent on and is then the same message.
		frames, err := m.frames(key)
		if err != nil {
			t.Fatal(err)
		}
		again, err := parse(key, frames)
		if err != nil {
			t.Fatal(err)
		}
		if again.Header != m.Header || !bytes.Equal(again.Content, m.Content) || len(again.Buffers) != len(m.Buffers) {
			t.Fatalf("%+v became %+v", m, again)
		}
		m.ParentID()
	})
}

// What a peer may send before and after the handshake ends in an error, not in a
// panic or in memory for what was merely announced.
func FuzzPeer(f *testing.F) {
	greeting := make([]byte, greetingSize)
	greeting[0], greeting[9], greeting[10] = 0xff, 0x7f, 3
	copy(greeting[12:], "NULL")
	ready := "\x04\x26\x05READY\x0bSocket-Type\x00\x00\x00\x06DEALER\x08Identity\x00\x00\x00\x00"
	f.Add([]byte(nil))
	f.Add(greeting)
	f.Add(append(greeting[:greetingSize:greetingSize], ready...))
	f.Add(append(greeting[:greetingSize:greetingSize], ready+"\x01\x03abc\x00\x00"...))
	f.Add(append(greeting[:greetingSize:greetingSize], ready+"\x02\x7f\xff\xff\xff\xff\xff\xff\xff"...))
	f.Fuzz(func(t *testing.T, data []byte) {
		kernel, peer := net.Pipe()
		go func() {
			peer.Write(data)
			peer.Close()
		}()
		go func() {
			buf := make([]byte, 512)
			for err := error(nil); err == nil; _, err = peer.Read(buf) {
			}
		}()
		c, err := open(kernel, "key", kernelRole[Shell], "", true)
		if err != nil {
			return
		}
		defer c.Close()
		for err == nil {
			_, err = c.RecvFrames()
		}
	})
}
