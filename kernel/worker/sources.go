package worker

import "embed"

// Sources is the Go source of the worker process: host (its main package), nb
// (what cells call), wire (what both ends of the control socket say), moduledata
// (how a cell registers itself) and retain (what the linker must not drop). Its
// import paths are those of this module; who builds it puts it elsewhere.
//
//go:embed host/*.go nb/*.go wire/*.go moduledata/*.go moduledata/*.s retain/*.go retain/*.s
var Sources embed.FS

// SourcePath is the import path that the sources use for each other.
const SourcePath = "locuslab/kernel/worker"
