package host

import (
	"fmt"

	"locuslab/kernel/worker/wire"
)

// prepare makes what a command asks for ready to be called: the object's initialisers,
// or a function of what is loaded.
func (h *host) prepare(c wire.Command) (call func() error, err error) {
	h.loading.Lock()
	defer h.loading.Unlock()
	if c.Load != nil {
		return h.loader.Load(c.Load)
	}
	entry := h.entries[c.Entry]
	if entry == nil {
		var ok bool
		if entry, ok = h.loader.Find(c.Entry); !ok {
			return nil, fmt.Errorf("run %s: nothing that is loaded defines it", c.Entry)
		}
		h.entries[c.Entry] = entry
	}
	return func() error { entry(); return nil }, nil
}
