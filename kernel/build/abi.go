package build

import (
	"fmt"
	"strings"
)

// onlyABI0 reports whether a function exists in the assembler's calling convention
// alone: it is written in assembly and no Go file declares it. The symbol tables of
// the worker and of units do not tell; the package's objects do.
func (j *job) onlyABI0(name string) (bool, error) {
	if !strings.ContainsAny(name, ".:") {
		return true, nil // C's, or of the little assembly that takes C's part, such as crosscall2
	}
	archive := j.imports[j.packageOf(name)]
	if archive == "" {
		return false, nil
	}
	defined, ok := j.b.defined[archive]
	if !ok {
		var err error
		if defined, _, err = objectSymbols(archive); err != nil {
			return false, fmt.Errorf("find how to call %s: %w", name, err)
		}
		j.b.defined[archive] = defined
	}
	return defined[reference{name, abi0}] && !defined[reference{name, abiInternal}], nil
}
