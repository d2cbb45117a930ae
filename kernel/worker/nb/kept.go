package nb

import (
	"fmt"
	"sync"

	"locuslab/kernel/worker/wire"
)

// kept are the values that cells have shown, by the cells' numbers.
var kept struct {
	sync.Mutex
	values map[int]any
	order  []int // the oldest first
}

// keep keeps what the running cell shows.
func keep(v any) {
	if hooks.Cell == nil || hooks.Cell() <= 0 {
		return
	}
	n := hooks.Cell()
	kept.Lock()
	defer kept.Unlock()
	if kept.values == nil {
		kept.values = map[int]any{}
	}
	if _, again := kept.values[n]; !again {
		kept.order = append(kept.order, n)
	}
	kept.values[n] = v
	if len(kept.order) > wire.MostKept {
		delete(kept.values, kept.order[0])
		kept.order = kept.order[1:]
	}
}

// Kept is the value that a cell has shown. It panics if that is not there any more.
func Kept[T any](cell int) T {
	kept.Lock()
	defer kept.Unlock()
	v, ok := kept.values[cell]
	if !ok {
		panic(fmt.Sprintf("the value of In[%d] is not kept any more: assign what is needed later to a variable", cell))
	}
	if v == nil { // of an interface type
		var zero T
		return zero
	}
	return v.(T)
}
