//go:build custom

package tagged

func init() { chosen = append(chosen, "custom") }
