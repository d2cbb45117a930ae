// Package redact takes a secret out of texts in which others may have repeated it, however they wrote it: as it
// is, with the escapes of JSON and Go, percent-encoded, as HTML, or in base64. It looks for nothing else, and
// what it returns is for people to read.
package redact

import (
	"cmp"
	"encoding/base64"
	"slices"
	"strings"
)

// Mark stands where the secret stood.
const Mark = "[token]"

// shortest is the length of a secret below which nothing is taken out: it could be part of an ordinary word.
const shortest = 8

// Redactor takes one secret out of texts. It is safe for use by many goroutines.
type Redactor struct{ forms []string }

// New returns a redactor for a secret of printable ASCII.
func New(secret string) *Redactor {
	if len(secret) < shortest {
		return &Redactor{}
	}
	forms := []string{secret}
	// Within a longer text that was encoded as a whole, the secret can stand at any of three places of a group.
	for before := range 3 {
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := e.EncodeToString(append(make([]byte, before), secret...))
			// The characters at both ends hold bits of the neighbours, too.
			forms = append(forms, text[(8*before+5)/6:8*(before+len(secret))/6])
		}
	}
	slices.Sort(forms)
	return &Redactor{slices.Compact(forms)}
}

// Text returns text without the secret.
func (r *Redactor) Text(text string) string {
	var found []span
	for l, layers := plain(text), 0; ; layers++ {
		for _, form := range r.forms {
			found = l.find(found, form)
		}
		if layers == mostLayers || len(text) > mostLayered || !strings.ContainsAny(l.text, "\\%&") {
			break
		}
		next := l.decoded()
		if next.text == l.text {
			break
		}
		l = next
	}
	if len(found) == 0 {
		return text
	}
	slices.SortFunc(found, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to)) })
	var b strings.Builder
	kept := 0
	for _, s := range found {
		if s.to <= kept {
			continue
		}
		if s.from >= kept {
			b.WriteString(text[kept:s.from])
			b.WriteString(Mark)
		}
		kept = s.to
	}
	b.WriteString(text[kept:])
	return b.String()
}

// span is a part of the text as it was given.
type span struct{ from, to int }

func (l layer) find(found []span, form string) []span {
	for i := 0; i < len(l.text); {
		c := l.text[i]
		if c != form[0] && c != '\\' && c != '%' && c != '&' {
			i++
			continue
		}
		end := match(l.text, i, form)
		if end < 0 {
			i++
			continue
		}
		found = append(found, span{l.source(i), l.source(end)})
		i = end
	}
	return found
}

// match returns where form ends that is written from text[at] on in any way, or -1.
func match(text string, at int, form string) int {
	ends := []int{at}
	for i := 0; i < len(form) && len(ends) > 0; i++ {
		var next []int
		for _, at := range ends {
			next = character(next, text, at, form[i])
		}
		slices.Sort(next)
		ends = slices.Compact(next)
	}
	if len(ends) == 0 {
		return -1
	}
	return ends[len(ends)-1]
}

// character adds to ends where c can end that is written from text[at] on.
func character(ends []int, text string, at int, c byte) []int {
	if at >= len(text) {
		return ends
	}
	if text[at] == c {
		ends = append(ends, at+1)
	}
	switch text[at] {
	case '\\':
		behind := at
		for behind < len(text) && text[behind] == '\\' { // each time that a text is quoted doubles them
			behind++
			if c == '\\' {
				ends = append(ends, behind)
			}
		}
		at = behind - 1
	case '%':
		for strings.HasPrefix(text[at:], "%2525") {
			at += 2
		}
		if strings.HasPrefix(text[at:], "%25") && c != '%' { // a percent sign that was itself encoded
			if got, end := number(text, at+3, 2); got == c {
				ends = append(ends, end)
			}
		}
	}
	if got, end := escape(text, at); got == c && end > at+1 {
		ends = append(ends, end)
	}
	return ends
}
