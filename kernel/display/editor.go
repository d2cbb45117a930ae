package display

// Editor is an Output whose cell's text can be replaced by another one.
type Editor interface {
	ReplaceCell(text string)
}
