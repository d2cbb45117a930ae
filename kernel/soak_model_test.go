package main_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// A model writes random cells and knows what each must print. It holds a notebook
// in miniature: names stand for variables, a closure holds on to the variable that
// had the name when it was written.
type model struct {
	rand     *rand.Rand
	vars     map[string]*variable
	closures map[string]closure
	funcs    map[string][2]int // x*a + b
	types    map[string]*structType
	values   map[string]string // of struct types, as %+v prints them
	running  map[string]int    // goroutine groups under way: what they will have added
	sums     map[string]int    // what earlier ones have added
	buffers  map[string]int    // sizes
}

// A variable is what a name stood for at a time; closures may keep an old one.
type variable struct {
	number int
	text   string
	isText bool
}

type closure struct {
	of *variable
	by int
}

type structType struct {
	fields int
	method bool
}

// A step is a cell and what must become of it.
type step struct {
	code      string
	out       string // all of standard output
	fails     string // a part of the error; "" when the cell succeeds
	anyStatus bool
	interrupt bool // at its first output
}

func newModel(seed uint64) *model {
	return &model{
		rand: rand.New(rand.NewPCG(seed, 1)), vars: map[string]*variable{}, closures: map[string]closure{},
		funcs: map[string][2]int{}, types: map[string]*structType{}, values: map[string]string{},
		running: map[string]int{}, sums: map[string]int{}, buffers: map[string]int{},
	}
}

// next writes a cell.
func (m *model) next() step {
	steps := []func() step{
		m.declareNumber, m.declareNumber, m.declareText, m.assign, m.assign, m.loop, m.show, m.show, m.show,
		m.declareFunc, m.callFunc, m.declareClosure, m.callClosure, m.callClosure, m.declareType, m.addMethod,
		m.callMethod, m.declareValue, m.spawn, m.join, m.allocate, m.checkBuffers,
		m.panicAfter, m.panicInGoroutine, m.compileError,
	}
	if m.rand.IntN(40) == 0 {
		return m.endlessLoop()
	}
	return steps[m.rand.IntN(len(steps))]()
}

// name is one of a few, so that names are often declared again.
func (m *model) name(letter string) string { return fmt.Sprint(letter, m.rand.IntN(12)) }

// pick chooses a name that is declared, "" when there is none.
func pick[V any](m *model, of map[string]V, fit func(V) bool) string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(of)) {
		if fit == nil || fit(of[name]) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return names[m.rand.IntN(len(names))]
}

func isNumber(v *variable) bool { return !v.isText }

func (m *model) declareNumber() step {
	name, n := m.name("v"), m.rand.IntN(1000)
	if v := m.vars[name]; v != nil && !v.isText {
		v.number = n // := with the same type assigns
	} else {
		m.vars[name] = &variable{number: n}
	}
	return step{code: fmt.Sprintf("%s := %d", name, n)}
}

func (m *model) declareText() step {
	name, s := m.name("v"), fmt.Sprint("text-", m.rand.IntN(1000))
	if v := m.vars[name]; v != nil && v.isText {
		v.text = s
	} else {
		m.vars[name] = &variable{text: s, isText: true}
	}
	return step{code: fmt.Sprintf("%s := %q", name, s)}
}

func (m *model) assign() step {
	to, from := pick(m, m.vars, isNumber), pick(m, m.vars, isNumber)
	if to == "" {
		return m.declareNumber()
	}
	n := m.rand.IntN(100)
	m.vars[to].number = m.vars[from].number%1000*3 + n
	return step{code: fmt.Sprintf("%s = %s%%1000*3 + %d", to, from, n)}
}

// loop works on a variable of an earlier cell and one of its own.
func (m *model) loop() step {
	name, own, turns := pick(m, m.vars, isNumber), m.name("v"), m.rand.IntN(1000)
	if name == "" || name == own {
		return m.declareNumber()
	}
	v := m.vars[own]
	if v == nil || v.isText {
		v = &variable{}
		m.vars[own] = v
	}
	v.number = 0
	for i := range turns {
		v.number += i % 7
	}
	m.vars[name].number += turns
	return step{
		code: fmt.Sprintf("%[1]s := 0\nfor i := range %[3]d {\n\t%[1]s += i %% 7\n\t%[2]s++\n}\nfmt.Println(%[1]s, %[2]s)", own, name, turns),
		out:  fmt.Sprintln(v.number, m.vars[name].number),
	}
}

func (m *model) show() step {
	var names, values []string
	for range 4 {
		if name := pick(m, m.vars, nil); name != "" {
			names, values = append(names, name), append(values, m.vars[name].String())
		}
	}
	if name := pick(m, m.values, nil); name != "" {
		names = append(names, fmt.Sprintf(`fmt.Sprintf("%%+v", %s)`, name))
		values = append(values, m.values[name])
	}
	return step{code: fmt.Sprintf("fmt.Println(%s)", strings.Join(names, ", ")), out: strings.Join(values, " ") + "\n"}
}

func (v *variable) String() string {
	if v.isText {
		return v.text
	}
	return fmt.Sprint(v.number)
}

func (m *model) declareFunc() step {
	name, a, b := m.name("f"), m.rand.IntN(20), m.rand.IntN(20)
	m.funcs[name] = [2]int{a, b}
	return step{code: fmt.Sprintf("func %s(x int) int { return x*%d + %d }", name, a, b)}
}

func (m *model) callFunc() step {
	name, x := pick(m, m.funcs, nil), m.rand.IntN(100)
	if name == "" {
		return m.declareFunc()
	}
	f := m.funcs[name]
	return step{code: fmt.Sprintf("fmt.Println(%s(%d))", name, x), out: fmt.Sprintln(x*f[0] + f[1])}
}

func (m *model) declareClosure() step {
	name, of, by := m.name("c"), pick(m, m.vars, isNumber), m.rand.IntN(10)
	if of == "" {
		return m.declareNumber()
	}
	m.closures[name] = closure{m.vars[of], by}
	return step{code: fmt.Sprintf("%[1]s := func() int {\n\t%[2]s += %[3]d\n\treturn %[2]s\n}", name, of, by)}
}

func (m *model) callClosure() step {
	name := pick(m, m.closures, nil)
	if name == "" {
		return m.declareClosure()
	}
	c := m.closures[name]
	c.of.number += c.by
	return step{code: fmt.Sprintf("fmt.Println(%s())", name), out: fmt.Sprintln(c.of.number)}
}

func (m *model) declareType() step {
	name := m.name("T")
	t := &structType{fields: 1 + m.rand.IntN(5)}
	if old := m.types[name]; old != nil && old.fields == t.fields {
		t.fields++ // the same type again would keep its methods
	}
	m.types[name] = t
	var b strings.Builder
	fmt.Fprintf(&b, "type %s struct {\n", name)
	for i := range t.fields {
		fmt.Fprintf(&b, "\tF%d int\n", i)
	}
	return step{code: b.String() + "}"}
}

func (m *model) addMethod() step {
	name := pick(m, m.types, func(t *structType) bool { return !t.method })
	if name == "" {
		return m.declareType()
	}
	m.types[name].method = true
	return step{code: fmt.Sprintf("func (t %s) Last() int { return t.F%d }", name, m.types[name].fields-1)}
}

// literal is a value of a type, in Go and as %+v prints it.
func (m *model) literal(name string) (code, printed string, last int) {
	var values, fields []string
	for i := range m.types[name].fields {
		last = m.rand.IntN(100)
		values, fields = append(values, fmt.Sprint(last)), append(fields, fmt.Sprintf("F%d:%d", i, last))
	}
	return fmt.Sprintf("%s{%s}", name, strings.Join(values, ", ")), "{" + strings.Join(fields, " ") + "}", last
}

func (m *model) callMethod() step {
	name := pick(m, m.types, func(t *structType) bool { return t.method })
	if name == "" {
		return m.addMethod()
	}
	code, _, last := m.literal(name)
	return step{
		code: fmt.Sprintf("var l interface{ Last() int } = %s\n_, is := any(l).(%s)\nfmt.Println(l.Last(), is)", code, name),
		out:  fmt.Sprintln(last, true),
	}
}

func (m *model) declareValue() step {
	of, name := pick(m, m.types, nil), m.name("t")
	if of == "" {
		return m.declareType()
	}
	code, printed, _ := m.literal(of)
	m.values[name] = printed
	return step{code: fmt.Sprintf("%s := %s", name, code)}
}

// spawn starts goroutines that outlive the cell.
func (m *model) spawn() step {
	group, turns := m.name("g"), 100+m.rand.IntN(1000)
	declare := ""
	if _, known := m.sums[group]; !known {
		declare = fmt.Sprintf("var %[1]s struct {\n\tsync.WaitGroup\n\tsum atomic.Int64\n}\n", group)
		m.sums[group] = 0
	}
	m.running[group] += 2 * turns
	return step{code: declare + fmt.Sprintf(
		"for range 2 {\n\t%[1]s.Go(func() {\n\t\tfor range %[2]d {\n\t\t\t%[1]s.sum.Add(1)\n\t\t}\n\t})\n}", group, turns)}
}

func (m *model) join() step {
	group := pick(m, m.sums, nil)
	if group == "" {
		return m.spawn()
	}
	m.sums[group] += m.running[group]
	m.running[group] = 0
	return step{code: fmt.Sprintf("%[1]s.Wait()\nfmt.Println(%[1]s.sum.Load())", group), out: fmt.Sprintln(m.sums[group])}
}

func (m *model) allocate() step {
	name, size := m.name("b"), 1+m.rand.IntN(4<<20)
	m.buffers[name] = size
	return step{code: fmt.Sprintf("%[1]s := make([]byte, %[2]d)\n%[1]s[%[2]d-1] = %[3]d\nruntime.GC()", name, size, size%251)}
}

func (m *model) checkBuffers() step {
	var code, out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(m.buffers)) {
		size := m.buffers[name]
		fmt.Fprintf(&code, "fmt.Println(len(%[1]s), %[1]s[len(%[1]s)-1])\n", name)
		fmt.Fprintln(&out, size, size%251)
	}
	return step{code: code.String(), out: out.String()}
}

func (m *model) panicAfter() step {
	name, n := pick(m, m.vars, isNumber), m.rand.IntN(1000)
	if name == "" {
		return m.declareNumber()
	}
	m.vars[name].number = n
	return step{code: fmt.Sprintf("%[1]s = %[2]d\npanic(\"trouble %[2]d\")\n%[1]s = -1", name, n), fails: fmt.Sprint("trouble ", n)}
}

func (m *model) panicInGoroutine() step {
	return step{
		code:      "{\n\tended := make(chan bool)\n\tgo func() {\n\t\tdefer close(ended)\n\t\tpanic(\"aside\")\n\t}()\n\t<-ended\n}",
		anyStatus: true,
	}
}

func (m *model) compileError() step {
	name := pick(m, m.vars, isNumber)
	if name == "" {
		return m.declareNumber()
	}
	return step{code: fmt.Sprintf("%s = -1\nnotDeclaredAnywhere()", name), fails: "undefined: notDeclaredAnywhere"}
}

func (m *model) endlessLoop() step {
	name, n := pick(m, m.vars, isNumber), m.rand.IntN(1000)
	if name == "" {
		return m.declareNumber()
	}
	m.vars[name].number = n
	return step{
		code:  fmt.Sprintf("%s = %d\nfmt.Println(\"looping\")\nfor turns := 0; ; turns++ {\n}", name, n),
		out:   "looping\n",
		fails: "nterrupt", interrupt: true,
	}
}
