// The program of the loader's tests, with C code in it.
package main

/*
static __thread int kept[3];
static int twice(int n) { kept[n % 3] = n; return 2 * kept[n % 3]; }
*/
import "C"

import (
	_ "plugin"

	"locuslab/kernel/worker/loader/testdata/host"
)

func main() {
	if C.twice(4) != 8 {
		panic("C does not work")
	}
	host.Main()
}
