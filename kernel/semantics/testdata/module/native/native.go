// Package native has C code: a function, static state, errno and a callback into Go.
package native

/*
#cgo LDFLAGS: -lm
#include <math.h>
#include <errno.h>

extern int goDouble(int);

static int add(int a, int b) { return a + b; }

static int tick(void) { static int n; return ++n; }

static double root(double x) {
	if (x < 0) { errno = EDOM; return 0; }
	return sqrt(x);
}

static int apply(int x) { return goDouble(x); }
*/
import "C"

//export goDouble
func goDouble(x C.int) C.int { return 2 * x }

// Add is a C function.
func Add(a, b int) int { return int(C.add(C.int(a), C.int(b))) }

// Tick counts in a static variable of C.
func Tick() int { return int(C.tick()) }

// Root sets errno for a negative argument.
func Root(x float64) (float64, error) {
	r, err := C.root(C.double(x))
	return float64(r), err
}

// Apply calls Go from C.
func Apply(x int) int { return int(C.apply(C.int(x))) }
