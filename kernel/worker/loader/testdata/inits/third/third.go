// Package third needs first.
package third

import "locuslab/kernel/worker/loader/testdata/inits/first"

var V = first.Note("third.V")
