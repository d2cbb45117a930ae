package locuskit

import (
	"fmt"
)

// Checkpoint keeps what a fetch has received in a file, so that the same fetch, run
// again after it failed or was killed, asks only for what is missing:
//
//	conns, err := client.ConnectionsParallel(ctx, whitelabels, locuskit.Checkpoint("connections.ckpt"))
//
// The file holds a line of JSON for each item, what the service sent, and is checked as an answer is when it is
// read; the token is in it only if the service sends it as data. A line that was cut
// off in the middle is fetched again. It belongs to one list of items on one
// service, a service on loopback counting as the same whatever its port: another
// fetch is refused rather than mixed in, and so is a second at the same time. It
// is kept when the fetch is complete; delete it to fetch afresh. An error about it is a
// [*CheckpointError].
func Checkpoint(path string) FetchOption {
	return fetchOption(func(f *fetch) { f.checkpoint = path })
}

// CheckpointError says why a checkpoint file cannot be used.
type CheckpointError struct {
	Path string
	Err  error
}

func (e *CheckpointError) Error() string {
	return fmt.Sprintf("locuskit: checkpoint %s: %v", e.Path, e.Err)
}
func (e *CheckpointError) Unwrap() error { return e.Err }
