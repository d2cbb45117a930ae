package display

// A Match is what the text before a cursor may become.
type Match struct {
	Text string
	// Kind is a word of Jupyter's front ends: function, instance, class, module, keyword,
	// property, magic, path. It may be empty.
	Kind string
	// Signature is how a function is called, or of what type a value is. It may be empty.
	Signature string
}
