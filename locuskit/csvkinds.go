package locuskit

import (
	"locuslab/locuskit/internal/csvtext"

	"locuslab/locuskit/internal/numtext"
)

// inferKinds finds the narrowest kinds that hold every value of a block.
func inferKinds(text []byte, header []string, comma byte, given, wider map[string]Kind) []Kind {
	kinds := make([]Kind, len(header))
	column := 0
	for i := 0; i < len(text); {
		end, value, _ := csvtext.Field(text, i, comma)
		if column < len(kinds) && len(value) > 0 {
			kinds[column] = narrowest(kinds[column], value)
		}
		column++
		if text[end] == '\r' && end+1 < len(text) && text[end+1] == '\n' {
			end++
		}
		if text[end] == '\n' {
			column = 0
		}
		i = end + 1
	}
	for i, name := range header {
		if kinds[i] == 0 {
			kinds[i] = String
		}
		if k, ok := wider[name]; ok {
			kinds[i] = k
		}
		if k, ok := given[name]; ok {
			kinds[i] = k
		}
	}
	return kinds
}

// narrowest is the narrowest kind of a value and of those before it, which k (0:
// none) holds.
func narrowest(k Kind, value []byte) Kind {
	if k == String {
		return k
	}
	if k == 0 || k == Int {
		if _, ok := numtext.ParseInt(value); ok {
			return Int
		}
	}
	if k == 0 || k == Int || k == Float {
		if _, ok := numtext.ParseFloat(value); ok {
			return Float
		}
	}
	if k == 0 || k == Bool {
		if _, ok := numtext.ParseBool(value); ok {
			return Bool
		}
	}
	return String
}
