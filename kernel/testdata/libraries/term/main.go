package main

import (
	"fmt"
	"os"

	"golang.org/x/term"
)

func main() {
	f, err := os.Open(os.DevNull)
	fmt.Println(err)
	_, _, err = term.GetSize(int(f.Fd()))
	fmt.Println(term.IsTerminal(int(f.Fd())), err)
}
