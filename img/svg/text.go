package svg

import "strings"

// family lists faces of the same widths; a reader without any of them gets one that is
// up to a seventh wider, such as DejaVu.
const family = "Helvetica, Arial, 'Liberation Sans', sans-serif"

// monoFamily has one width for all characters, 0.6 of the size.
const monoFamily = "'Courier New', 'Liberation Mono', monospace"

// widths are those of Helvetica's characters from space to tilde, in thousandths
// of the size.
var widths = [...]uint16{
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
	556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
	1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
	667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
	333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
	556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
}

// wider is that seventh, so that texts do not meet there either.
const wider = 1.15

// Width is how wide a text is in a font, at most.
func Width(text string, f Font) float64 {
	f = f.withDefaults()
	sum := 0.0
	for _, r := range text {
		switch {
		case f.Mono:
			sum += 600
		case r >= ' ' && r <= '~':
			sum += float64(widths[r-' '])
		case r == '…' || r >= 0x2e80: // the wide characters of East Asia, and pictographs
			sum += 1000
		default:
			sum += 600
		}
	}
	if f.Bold && !f.Mono {
		sum *= 1.07
	}
	return sum * f.Size / 1000 * wider
}

// Fit cuts a text so that it is at most so wide; one that is cut ends in "…".
func Fit(text string, f Font, width float64) string {
	if Width(text, f) <= width {
		return text
	}
	letters := []rune(text)
	for n := len(letters) - 1; n > 0; n-- {
		if cut := strings.TrimRight(string(letters[:n]), " ") + "…"; Width(cut, f) <= width {
			return cut
		}
	}
	return "…"
}

// Wrap breaks a text at its spaces into lines that are at most so wide, where its
// words allow.
func Wrap(text string, f Font, width float64) []string {
	var lines []string
	for _, word := range strings.Fields(text) {
		if n := len(lines); n > 0 && Width(lines[n-1]+" "+word, f) <= width {
			lines[n-1] += " " + word
			continue
		}
		lines = append(lines, word)
	}
	return lines
}

// clean drops what XML 1.0 cannot hold, and escapes what it gives a meaning.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case r < ' ' || r == 0xfffe || r == 0xffff:
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
	return escaper.Replace(text)
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")
