// Package blocks does not finish its initialisation until it is told to.
package blocks

var (
	Started = true
	V       = wait()
)

// Go lets it go on.
var Go chan bool

func wait() int {
	Go = make(chan bool)
	<-Go
	return 5
}
