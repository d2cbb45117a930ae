package redact

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
)

const secret = `eyJ-h/b+G&c.%4i<O>"i'\J=`

func quoted(s string) string { text, _ := json.Marshal(s); return string(text) }

func unicode(s string) (text string) {
	for _, c := range s {
		text += fmt.Sprintf(`\u%04x`, c)
	}
	return text
}

func numbered(s string) (text string) {
	for _, c := range s {
		text += fmt.Sprintf(`&#x%X;`, c)
	}
	return text
}

// writings are ways in which a service writes a text that it was sent.
var writings = map[string]func(string) string{
	"as it is":         func(s string) string { return s },
	"JSON":             quoted,
	"all escaped":      unicode,
	"escaped slashes":  func(s string) string { return strings.NewReplacer(`\`, `\\`, `/`, `\/`, `"`, `\"`).Replace(s) },
	"Go":               func(s string) string { return fmt.Sprintf("%q", s) },
	"bytes":            hexed,
	"percent":          url.QueryEscape,
	"percent in paths": url.PathEscape,
	"HTML":             html.EscapeString,
	"numbered":         numbered,
}

func hexed(s string) (text string) {
	for _, c := range s {
		text += fmt.Sprintf(`\x%02x`, c)
	}
	return text
}

func TestEveryWritingIsFound(t *testing.T) {
	for _, secret := range []string{secret, "eyJhbGciOi.a-token/with+signs.nobody_may~see="} {
		everyWriting(t, secret)
	}
}

func everyWriting(t *testing.T, secret string) {
	r := New(secret)
	for name, first := range writings {
		for again, second := range writings {
			text := "before " + second(first(secret)) + " behind"
			got := r.Text(text)
			if !strings.Contains(got, Mark) {
				t.Errorf("%s, then %s: %s", name, again, got)
			}
			if again == "as it is" && (!strings.HasPrefix(got, "before ") || !strings.HasSuffix(got, " behind") || !strings.Contains(got, Mark)) {
				t.Errorf("%s: %s", name, got)
			}
		}
	}
	for before := range 4 {
		for _, e := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
			text := e.EncodeToString([]byte("user:::"[:before+3] + secret + "more"))
			if got := r.Text(text); !strings.Contains(got, Mark) || len(got) > len(Mark)+16 {
				t.Errorf("%s: %s", text, got)
			}
		}
	}
}

// TestMixedWritings writes each character of random secrets in a way of its own.
func TestMixedWritings(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		var token, text strings.Builder
		for range shortest + random.IntN(30) {
			const signs = "abcdefxuXU0123456789-._~+/=:"
			c := signs[random.IntN(len(signs))]
			token.WriteByte(c)
			switch random.IntN(6) {
			case 0:
				fmt.Fprintf(&text, `\u%04X`, c)
			case 1:
				fmt.Fprintf(&text, `\\u%04x`, c)
			case 2:
				fmt.Fprintf(&text, "%%%02x", c)
			case 3:
				fmt.Fprintf(&text, "%%25%02X", c)
			case 4:
				fmt.Fprintf(&text, "&#%d;", c)
			default:
				text.WriteByte(c)
			}
		}
		if got := New(token.String()).Text("<" + text.String() + ">"); got != "<"+Mark+">" {
			t.Fatalf("%s as %s: %s", token.String(), text.String(), got)
		}
	}
}

func TestOtherTextsStay(t *testing.T) {
	r := New(secret)
	for _, text := range []string{"", secret[:len(secret)-1], `\`, `\u`, `\u00`, "%", "%2", "&", "&amp", "&;", `\\\\`, strings.Repeat(`\`, 5000)} {
		if got := r.Text(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
	if got := New("short").Text("a short word"); got != "a short word" {
		t.Errorf("a short secret: %q", got)
	}
}
