package display

// Variable is a variable with its value as text, for a list of variables.
type Variable struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	Value string `json:"value"`
}
