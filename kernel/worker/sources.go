package worker

import "embed"

// Sources is the Go source of the worker process: host (which runs cells), nb (what
// cells call), wire (what both ends of the control socket say), and its two ways to load
// a cell: static with loader, and dynamic with moduledata (how a cell registers itself)
// and retain (what the linker must not drop).
// Its import paths are those of this module; who builds it puts it elsewhere.
//
//go:embed host/*.go nb/*.go wire/*.go static/*.go loader/*.go loader/*.s dynamic/*.go moduledata/*.go moduledata/*.s retain/*.go retain/*.s
var Sources embed.FS

// SourcePath is the import path that the sources use for each other.
const SourcePath = "locuslab/kernel/worker"
