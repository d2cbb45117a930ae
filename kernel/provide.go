package main

import "embed"

// forCells are the packages of this module that cells may import in any folder, and what
// these import.
//
//go:embed incell/*.go widget/*.go comm/*.go
var forCells embed.FS
