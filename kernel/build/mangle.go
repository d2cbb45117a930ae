package build

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// mangle is the name that the Go linker gives a symbol in ELF when it makes
// dynamic objects: long type symbols, and instances of generics, become hashes.
func mangle(name string) string {
	isType := strings.HasPrefix(name, "type:")
	if !isType && !strings.Contains(name, "@") {
		return name
	}
	if strings.HasPrefix(name, "type:runtime.") || strings.HasPrefix(name, "go:string.") {
		return name
	}
	if len(name) <= 14 && !strings.Contains(name, "@") {
		return name
	}
	if isType {
		prefix := "type:"
		if name[len("type:")] == '.' { // type:.eq. and the like stay apart from types
			prefix = "type:."
		}
		return prefix + shortHash(name[len("type:"):])
	}
	i, j := strings.IndexByte(name, '['), strings.LastIndexByte(name, ']')
	if j == -1 || j <= i {
		j = len(name)
	}
	return name[:i+1] + shortHash(name[i+1:j]) + name[j:]
}

// shortHash is the toolchain's own hash of a name: SHA-256 with one bit pattern
// turned, cut to six bytes.
func shortHash(s string) string {
	h := sha256.Sum256([]byte(s))
	h[0] ^= 0xff
	return base64.StdEncoding.EncodeToString(h[:6])
}
