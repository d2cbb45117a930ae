// Package odd is not named after its folder.
package odd

// Number is a number.
func Number() int { return 7 }
