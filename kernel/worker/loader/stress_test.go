package loader_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"locuslab/kernel/worker/loader"
	"locuslab/kernel/worker/loader/testdata/host"
)

var stressCells = flag.Int("stress", 12, "how many cells the stress tests load")

// makerCell leaves goroutines behind that do all the time what the loader must not be
// disturbed by: they have reflect make the very types that later cells bring, make the
// itabs that later cells bring, collect garbage, take profiles and write stacks.
const makerCell = `package main

import (
	"io"
	"reflect"
	"runtime"
	"runtime/pprof"
)

type T struct{ X int }
type I0 interface{ M() int }

func (t T) M() int { return t.X }
func (t T) N() int { return -t.X }

var (
	Types = make(chan [8]reflect.Type)
	Wish  = make(chan int)
	Stop  = make(chan bool)
	Values = make(chan any)
)

func make8(n int) [8]reflect.Type {
	t := reflect.TypeFor[T]()
	a := reflect.ArrayOf(n, t)
	s := reflect.SliceOf(a)
	return [8]reflect.Type{a, s, reflect.PointerTo(s), reflect.MapOf(a, s), reflect.ChanOf(reflect.BothDir, a), reflect.FuncOf([]reflect.Type{a}, []reflect.Type{s}, false),
		reflect.StructOf([]reflect.StructField{{Name: "A", Type: a}}), reflect.FuncOf([]reflect.Type{s}, nil, true)}
}

func Cell_1() {
	go func() {
		n := 1
		for {
			select {
			case n = <-Wish:
			case <-Stop:
				return
			default:
			}
			types := make8(n)
			select {
			case Types <- types:
			default:
			}
		}
	}()
	go func() {
		for {
			select {
			case <-Stop:
				return
			default:
				runtime.GC()
			}
		}
	}()
	go func() {
		for {
			select {
			case <-Stop:
				return
			default:
				pprof.Lookup("goroutine").WriteTo(io.Discard, 1)
			}
		}
	}()
	go func() {
		for {
			pprof.StartCPUProfile(io.Discard)
			for range 1000 {
				runtime.Gosched()
			}
			pprof.StopCPUProfile()
			select {
			case <-Stop:
				return
			default:
			}
		}
	}()
}
`

const userCell = `package main

import "reflect"

type T struct{ X int }
func (t T) M() int
func (t T) N() int

var (
	Types chan [8]reflect.Type
	Wish  chan int
	Stop  chan bool
	Values chan any
)

type I%[1]d interface{ N() int; M() int }

type P%[1]d struct {
	next *P%[1]d
	name string
}

var X%[1]d = map[string]*P%[1]d{}
var L%[1]d *P%[1]d

func Cell_%[1]d() {
	own := [8]reflect.Type{reflect.TypeFor[[%[1]d]T](), reflect.TypeFor[[][%[1]d]T](), reflect.TypeFor[*[][%[1]d]T](), reflect.TypeFor[map[[%[1]d]T][][%[1]d]T](), reflect.TypeFor[chan [%[1]d]T](),
		reflect.TypeFor[func([%[1]d]T) [][%[1]d]T](), reflect.TypeFor[struct{ A [%[1]d]T }](), reflect.TypeFor[func(...[%[1]d]T)]()}
	Wish <- %[1]d
	for {
		made := <-Types
		if made[0].Len() != %[1]d {
			continue
		}
		for i := range made {
			if made[i] != own[i] {
				panic("two types " + made[i].String() + " and " + own[i].String())
			}
		}
		break
	}
	var v any = T{%[1]d}
	i, ok := v.(I%[1]d)
	if !ok || i != I%[1]d(T{%[1]d}) || i.M()+i.N() != 0 {
		panic("two itabs")
	}
	switch v.(type) {
	case interface{ N() int; M() int; Other() }:
		panic("other")
	case I%[1]d:
	default:
		panic("a type switch does not know an itab")
	}
	for k := range 300 {
		L%[1]d = &P%[1]d{L%[1]d, string(rune('a' + k%%26))}
		X%[1]d[L%[1]d.name] = L%[1]d
	}
	n := 0
	for p := L%[1]d; p != nil; p = p.next {
		if len(p.name) != 1 {
			panic("overwritten")
		}
		n++
	}
	if n != 300 || len(X%[1]d) != 26 {
		panic("lost")
	}
}
`

// TestStress loads cells while running code makes the same types and itabs, collects
// garbage, and reads the function tables. The runtime's own checks are on.
func TestStress(t *testing.T) {
	for _, setting := range []string{"", "clobberfree=1", "gccheckmark=1", "gcstoptheworld=1", "efence=1", "gcshrinkstackoff=1,asyncpreemptoff=1"} {
		t.Run(strings.ReplaceAll(setting, "=", ""), func(t *testing.T) {
			s := start(t, "GODEBUG="+setting, "GOGC=1")
			s.run(makerCell)
			for n := 10; n < 10+*stressCells; n += 4 {
				for k := range 4 {
					// Types that are made before a cell brings them, after it, and as it is loaded.
					q, w := s.compile(fmt.Sprintf(userCell, n+k)), s.compile(wish(n+k))
					c := host.Command{Load: []loader.Request{w, q}, Run: []string{fmt.Sprintf("main.Wish_%d", n+k), fmt.Sprintf("main.Cell_%d", n+k)}}
					switch k {
					case 0:
						c.Load, c.Run = c.Load[1:], c.Run[1:]
					case 1:
						s.load(w, c.Run[0])
						c.Load, c.Run = c.Load[1:], c.Run[1:]
					}
					if r := s.do(c); r.Error != "" {
						t.Fatalf("%s\n%s", r.Error, s.text)
					}
				}
			}
			s.run("package main\n\nvar Stop chan bool\n\nfunc Cell_1() { close(Stop) }\n")
			if _, err := s.end(); err != nil {
				t.Errorf("%v\n%s", err, s.text)
			}
		})
	}
}

// wish has the goroutine of makerCell make types of a size.
func wish(n int) string {
	return fmt.Sprintf("package main\n\nvar Wish chan int\n\nfunc Wish_%[1]d() { Wish <- %[1]d }\n", n)
}

// TestParallel loads and runs cells at the same time.
func TestParallel(t *testing.T) {
	s := start(t, "GOGC=5")
	var c host.Command
	for n := range *stressCells {
		c.Load = append(c.Load, s.compile(fmt.Sprintf("package main\n\nimport \"fmt\"\n\ntype P%[1]d struct { a int; p *int }\nvar X%[1]d = map[string]*P%[1]d{}\n\nfunc Run() {\n\tfor k := range 100 { v := k; X%[1]d[fmt.Sprint(k)] = &P%[1]d{k, &v} }\n\tvar a any = X%[1]d\n\tfor _, p := range a.(map[string]*P%[1]d) { if *p.p != p.a { panic(\"bad\") } }\n}\n", n)))
		c.Run = append(c.Run, "main.Run")
	}
	if r := s.do(c); r.Error != "" {
		t.Fatalf("%s\n%s", r.Error, s.text)
	}
}
