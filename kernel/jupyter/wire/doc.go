// Package wire is what the two ends of Jupyter's messaging protocol share: the
// connection file, the signature, the form of a message on the wire, and the
// ZeroMQ connections that carry it.
//
// It knows frames and headers, not what a message asks for: package jupyter
// answers messages, package client sends them.
//
// # ZeroMQ
//
// The ZMTP greeting, handshake and framing are those of
// github.com/go-zeromq/zmq4. Its sockets are not used, because they have faults
// that a kernel cannot live with (read in v0.17.0):
//
//   - XPUB takes subscriptions without handing them on, so that a publisher
//     cannot welcome a subscriber;
//   - PUB and XPUB write to their subscribers one after another, from a queue
//     without bounds: one front end that has stopped reading stops all others,
//     while memory grows;
//   - ROUTER writes to all peers of one identity, under the lock that every other
//     writer needs;
//   - connections are accepted one at a time, handshake included, so that a client
//     that connects and says nothing locks out everybody else;
//   - a frame's announced length is allocated before a byte of it has arrived, and
//     a malformed handshake panics in a goroutine of the library;
//   - closing a socket leaves its goroutines behind.
//
// So this package accepts the connections itself, opens ZMTP on each with
// zmq4.Open behind a guard that bounds sizes, and gives each connection a reader
// and a writer of its own.
package wire
