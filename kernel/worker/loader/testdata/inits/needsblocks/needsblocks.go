// Package needsblocks needs a package that does not finish.
package needsblocks

import "locuslab/kernel/worker/loader/testdata/inits/blocks"

var V = blocks.V + 1
