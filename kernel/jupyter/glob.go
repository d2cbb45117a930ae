package jupyter

import (
	"regexp"
	"strings"
)

// glob returns a test of whether a text matches a shell pattern as a whole: *
// stands for any text, newlines included, ? for a character, [abc] for one of
// those, [^abc] for any other. Package path's Match stops at slashes.
func glob(pattern string) func(string) bool {
	var expr strings.Builder
	expr.WriteString(`(?s)\A`)
	for rest := pattern; rest != ""; {
		switch rest[0] {
		case '*':
			expr.WriteString(`.*`)
			rest = rest[1:]
			continue
		case '?':
			expr.WriteString(`.`)
			rest = rest[1:]
			continue
		case '[':
			if class, after, closed := cutClass(rest); closed {
				expr.WriteString(class)
				rest = after
				continue
			}
		}
		stop := strings.IndexAny(rest[1:], "*?[") + 1
		if stop == 0 {
			stop = len(rest)
		}
		expr.WriteString(regexp.QuoteMeta(rest[:stop]))
		rest = rest[stop:]
	}
	expr.WriteString(`\z`)
	re, err := regexp.Compile(expr.String())
	if err != nil { // a class such as [z-a]: the pattern stands for itself
		return func(s string) bool { return s == pattern }
	}
	return re.MatchString
}

// cutClass cuts a bracketed class from the start of rest, as a regular expression.
func cutClass(rest string) (class, after string, closed bool) {
	body, after, closed := strings.Cut(rest[1:], "]")
	negated := strings.HasPrefix(body, "^") || strings.HasPrefix(body, "!")
	if negated {
		body = body[1:]
	}
	if !closed || body == "" {
		return "", "", false
	}
	body = strings.NewReplacer(`\`, `\\`, `[`, `\[`, `^`, `\^`).Replace(body)
	if negated {
		return "[^" + body + "]", after, true
	}
	return "[" + body + "]", after, true
}
