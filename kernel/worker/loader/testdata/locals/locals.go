// Package locals declares types in functions.
package locals

// Make returns a value of a type of its own for each T.
func Make[T any](v T) any {
	type local struct{ v T }
	return func() any { return local{v} }()
}

// Is reports whether Make has made it, in a package that imports this one.
func Is[T any](v any) bool {
	var zero T
	return same(v, Make(zero))
}

func same(a, b any) bool { return typeOf(a) == typeOf(b) }

// Plain returns a value of a type that nobody else can name.
func Plain() any {
	type local struct{ A int }
	return local{1}
}

// IsPlain reports whether Plain has made it.
func IsPlain(v any) bool { return same(v, Plain()) }
