package jupyter

import (
	"encoding/base64"

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
