package main

import (
	"fmt"
	"os"
	"unsafe"

	"github.com/ebitengine/purego"
)

func main() {
	libc, err := purego.Dlopen("libc.so.6", purego.RTLD_NOW|purego.RTLD_GLOBAL)
	fmt.Println(err)
	var getpid func() int32
	purego.RegisterLibFunc(&getpid, libc, "getpid")
	fmt.Println(int(getpid()) == os.Getpid())
	var strlen func(string) int
	purego.RegisterLibFunc(&strlen, libc, "strlen")
	fmt.Println(strlen("twelve chars"))
	var qsort func(unsafe.Pointer, uintptr, uintptr, uintptr)
	purego.RegisterLibFunc(&qsort, libc, "qsort")
	list := []int32{5, 3, 9, 1}
	less := purego.NewCallback(func(a, b *int32) int { return int(*a - *b) })
	qsort(unsafe.Pointer(&list[0]), uintptr(len(list)), 4, less)
	fmt.Println(list)
	libm, err := purego.Dlopen("libm.so.6", purego.RTLD_NOW)
	fmt.Println(err)
	var pow func(float64, float64) float64
	purego.RegisterLibFunc(&pow, libm, "pow")
	fmt.Println(pow(2, 10))
}
