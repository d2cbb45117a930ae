// Package assets embeds a file.
package assets

import _ "embed"

// Motto is the text of motto.txt.
//
//go:embed motto.txt
var Motto string
