package worker

import "embed"

// Sources is the Go source of the worker process: host (which runs cells), nb (what
// cells call), show (what a value looks like), wire (what both ends of the control socket say) and loader.
// Its import paths are those of this module; who builds it puts it elsewhere.
//
//go:embed host/*.go nb/*.go show/*.go wire/*.go loader/*.go loader/*.s loader/memory/*.go loader/runtimedata/*.go
var Sources embed.FS
