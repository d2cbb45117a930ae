package report

import "locuslab/kernel/display"

// Interrupted tells of a cell that was interrupted. waiting is what it waited for,
// in the runtime's words; empty when it did not wait.
func Interrupted(waiting string) *display.Failure {
	value := "the cell was interrupted"
	if waiting != "" {
		if plain := waits[waiting]; plain != "" {
			waiting = plain
		}
		value += " while it waited: " + waiting
	}
	value += "; variables keep their values"
	return &display.Failure{Name: "Interrupted", Value: value, Traceback: []string{Red + "Interrupted" + Normal + ": " + value}}
}

// waits are the runtime's words for what a goroutine waits for, and the user's.
var waits = map[string]string{
	"chan receive": "for a value from a channel", "chan send": "for a receiver of its value on a channel",
	"chan receive (nil chan)": "for a value from a nil channel, which never comes", "chan send (nil chan)": "for a receiver on a nil channel, which never comes",
	"select": "in a select", "select (no cases)": "in a select without cases, for ever",
	"sync.Mutex.Lock": "for a mutex", "sync.RWMutex.Lock": "for a mutex", "sync.RWMutex.RLock": "for a mutex",
	"sync.WaitGroup.Wait": "for a WaitGroup", "sync.Cond.Wait": "for a Cond", "semacquire": "for a lock",
	"sleep": "in time.Sleep", "IO wait": "for input or output", "syscall": "for the system",
}
