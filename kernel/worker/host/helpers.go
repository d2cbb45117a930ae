package main

// The compiler turns parts of the language into calls of the runtime. Those that
// hardly any package uses would not be in the worker, and a cell that uses one
// could not be linked against it: helpers uses them. It is never called.

type large [2048]byte

func helpers(a, b string, x, y complex128, big map[string]large, none map[struct{}]int, v any, yield func(func(int) bool)) any {
	println(min(a, b), max(a, b), min(real(x), imag(x)), max(real(x), imag(y)), v)
	value, ok := big[a]
	println(x/y, value[0], ok, big[b][len(a)], none[struct{}{}], len([]rune(a)))
	for i := range yield {
		defer println(i)
	}
	return []any{numbers(len(a)), pointers(len(b)), words(a, b, len(a))}
}

// Slices that nothing else sees while they grow.

func numbers(n int) []int {
	list := []int{}
	for i := range n {
		list = append(list, i)
	}
	return list
}

func pointers(n int) []*int {
	var list []*int
	for range n {
		list = append(list, new(int))
	}
	return list
}

func words(a, b string, n int) []string {
	list := make([]string, 0, 4)
	for range n {
		list = append(list, a, b)
	}
	return list
}
