// Package sparkserver runs a Spark Connect server on this machine, for those who have no cluster: Spark as PyPI has it, in a
// private Python environment, with the Java that is there. It listens on loopback, asks for a token of its own, and ends
// with the program that started it. It knows nothing of tables.
package sparkserver
