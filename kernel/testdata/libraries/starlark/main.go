package main

import (
	"fmt"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

func main() {
	globals, err := starlark.ExecFileOptions(&syntax.FileOptions{}, &starlark.Thread{}, "x.star", "x = [i * i for i in range(5)]\ny = 1 << 70", nil)
	fmt.Println(globals["x"], globals["y"], err)
}
