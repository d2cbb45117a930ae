package jupyter

import (
	"encoding/base64"
	"unicode/utf8"

	"locuslab/kernel/display"
)

// bundleContent is the content of the messages that show a bundle.
func bundleContent(b display.Bundle) map[string]any {
	transient := map[string]any{}
	if b.ID != "" {
		transient["display_id"] = b.ID
	}
	return map[string]any{"data": mimeData(b.Data), "metadata": orEmpty(b.Metadata), "transient": transient}
}

// mimeData is a bundle's data as JSON takes it: bytes become base64.
func mimeData(data map[string]any) map[string]any {
	out := make(map[string]any, len(data))
	for kind, value := range data {
		if raw, isBytes := value.([]byte); isBytes {
			value = base64.StdEncoding.EncodeToString(raw)
		}
		out[kind] = value
	}
	return out
}

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

// runeBoundary is the end of the last whole character of text[:n]; n itself when
// there is none.
func runeBoundary(text string, n int) int {
	if n <= 0 || n >= len(text) {
		return max(0, min(n, len(text)))
	}
	for i := n; i > 0 && i > n-utf8.UTFMax; i-- {
		if utf8.RuneStart(text[i]) {
			return i
		}
	}
	return n
}
