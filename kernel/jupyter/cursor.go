package jupyter

import "unicode/utf8"

// byteOffset turns a cursor in code points, as the protocol counts, into one in
// bytes; outside the text, it is the nearer end.
func byteOffset(text string, points int) int {
	for i := range text {
		if points <= 0 {
			return i
		}
		points--
	}
	return len(text)
}

// pointOffset turns a cursor in bytes into one in code points.
func pointOffset(text string, offset int) int {
	return utf8.RuneCountInString(text[:max(0, min(offset, len(text)))])
}
