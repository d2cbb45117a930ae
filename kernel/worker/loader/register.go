package loader

import (
	"strings"

	"locuslab/kernel/build/goobj"
	"locuslab/kernel/worker/loader/memory"
	"locuslab/kernel/worker/loader/runtimedata"
)

// register makes the load a part of the process. All of it is in memory by now, whole and
// correct, and nobody refers to it. What can still fail is that running code has made
// one of the load's types or itabs meanwhile; then the load is given up and linked anew,
// and finds it. The order matters:
//
//  1. Code and variables, by which the collector and tracebacks understand the load.
//     No pointer leads there yet, so that it does no harm if the load is given up.
//  2. Types of which reflect's caches decide which is the first, one by one. Those that
//     are in stay valid if the load is given up, since they need only what step 1 has
//     published; the next attempt finds them there.
//  3. Itabs, under the runtime's lock for them: none can appear between the look and
//     the addition. They too stay valid.
//  4. Function and struct types, under reflect's locks for them. Behind this nothing
//     fails.
//  5. The loader's own tables.
func (ld *load) register() error {
	if err := ld.module.PublishCode(ld.funcs.entries, ld.funcs.end); err != nil {
		return err
	}
	ld.module.PublishVariables(ld.space.Data.Next)
	listed, err := ld.registerTypes()
	if err != nil {
		return err
	}
	if err := ld.registerItabs(); err != nil {
		return err
	}
	if err := ld.listTypes(listed); err != nil {
		return err
	}
	ld.remember()
	return nil
}

// registerTypes publishes unnamed types, which reflect looks for when it is asked to make
// one, and returns those that listTypes has to publish.
func (ld *load) registerTypes() (listed []*symbol, err error) {
	copies := map[uintptr]uintptr{}
	for _, s := range ld.sections.noptr.symbols {
		switch {
		case s.own != 0 && s.IsType(s.index):
			copies[s.own] = s.addr
		case s.own == 0 && s.Typelink(s.index):
			if runtimedata.ByHash(s.addr) {
				listed = append(listed, s)
			} else if !ld.rt.Reflect.Publish(s.addr) {
				return nil, errRaced
			}
		}
	}
	ld.module.PublishTypemap(copies)
	return listed, nil
}

// listTypes publishes function and struct types.
func (ld *load) listTypes(listed []*symbol) error {
	if len(listed) == 0 {
		return nil
	}
	p := &ld.rt.Reflect
	p.Funcs.Lock()
	defer p.Funcs.Unlock()
	p.Structs.Lock()
	defer p.Structs.Unlock()
	var addresses []uintptr
	for _, s := range listed {
		if p.Find(s.addr) != 0 {
			return errRaced
		}
		addresses = append(addresses, s.addr)
	}
	return ld.module.PublishTypelinks(ld.rt, addresses)
}

// registerItabs adds the load's itabs to the runtime's table.
func (ld *load) registerItabs() error {
	var itabs []uintptr
	for _, s := range ld.sections.noptr.symbols {
		if s.own == 0 && isItab(s.object, s.index) {
			itabs = append(itabs, s.addr)
		}
	}
	if len(itabs) == 0 {
		return nil
	}
	rt := ld.rt
	rt.Lock(rt.ItabLock)
	defer rt.Unlock(rt.ItabLock)
	for _, i := range itabs {
		if rt.FindItab(memory.At[runtimedata.Itab](i).Inter, memory.At[runtimedata.Itab](i).Type) != 0 {
			return errRaced
		}
	}
	for _, i := range itabs {
		rt.AddItab(i)
	}
	return nil
}

// remember notes where later loads find what this one has placed.
func (ld *load) remember() {
	for _, s := range ld.order {
		if s.own != 0 && ld.copies[s.addr] == 0 {
			ld.copies[s.addr] = s.own
		}
		hash, hashed := s.Hash(s.index)
		switch {
		case !s.isCell():
			s.pkg.taken = true
			s.placed[s.index] = s.addr
			if hashed && !isItab(s.object, s.index) {
				ld.shared[hash] = s.addr
			} else if s.DupOK(s.index) && !s.Static(s.index) {
				ld.name(s)
			}
		case hashed && !isItab(s.object, s.index):
			if ld.sharedByHash(s.object, s.index) {
				ld.shared[hash] = s.addr
			}
		case remembered(s.object, s.index):
			ld.name(s)
		}
	}
	for _, f := range ld.nosplit {
		f.name.Text = strings.Clone(f.name.Text)
		ld.heights[f.name] = f.height
	}
	for _, t := range ld.tasks {
		ld.inits[t.address] = t
	}
}

// name makes a symbol known by its name. The first definition of a name stays.
func (ld *load) name(s *symbol) {
	n := s.Name(s.index)
	if _, known := ld.names[n]; known || n.Text == "" {
		return
	}
	ld.names[goobj.Name{Text: strings.Clone(n.Text), ABI: n.ABI}] = definition{s.addr, s.Size(s.index)}
}
