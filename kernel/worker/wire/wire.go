// Package wire is what the kernel and a worker process say to each other: JSON
// values, one after another, over the control socket that the worker finds as
// file descriptor 3. It knows neither how code is loaded nor what is done with
// an outcome; both ends are built from this one source.
package wire

import (
	"encoding/json"
	"strings"
	"time"
)

// ControlFD is the worker's file descriptor of the control socket.
const ControlFD = 3

// TraceMark is the category of the log events that tell the reader of an execution
// trace which goroutine runs the cell, from when to when.
const TraceMark = "locuslab.cell"

// Verb says what a Command asks for.
type Verb string

// What the kernel asks of a worker.
const (
	Run       Verb = "run"       // load an object, or call Entry: a Done event answers
	Interrupt Verb = "interrupt" // stop the run Seq; what runs besides cells, where that is 0
	Ping      Verb = "ping"      // a Reply event answers
	Setenv    Verb = "setenv"    // Name, Value: a Reply event answers
	Chdir     Verb = "chdir"     // Value: a Reply event answers
	Trace     Verb = "trace"     // write an execution trace to the file Value, or end it without one: a Reply event answers
	Profile   Verb = "profile"   // write down where the worker is busy, or what it allocated: Name says which, Value the file; a Reply event answers
	ToComm    Verb = "comm"      // a message of a comm from the front end
	Answer    Verb = "answer"    // answers a Display, Clear or Capture event of the same Seq: it is done, and Value what was captured
)

// Command is one message from the kernel to the worker.
type Command struct {
	Verb  Verb   `json:"verb"`
	Seq   int    `json:"seq"`
	Unit  int    `json:"unit,omitempty"`
	Cell  int    `json:"cell,omitempty"` // the number of the cell that runs
	Load  *Load  `json:"load,omitempty"`
	Entry string `json:"entry,omitempty"`
	Name  string `json:"name,omitempty"`
	Value string `json:"value,omitempty"`
	// Comm is a comm.Message.
	Comm json.RawMessage `json:"comm,omitempty"`
}

// MostKept is how many results of cells live on for later ones: a large one must not stay for ever.
const MostKept = 20

// Load says which object becomes part of the process.
type Load struct {
	Path string `json:"path"`
	// Packages are the archives of packages that the object uses and no object before
	// it did, by import path.
	Packages map[string]string `json:"packages,omitempty"`
	// Names maps identifiers of the source to what the user calls them.
	Names map[string]string `json:"names,omitempty"`
	// Locals names types that functions declare, by the compiler's number; see loader.Request.
	Locals map[int]string `json:"locals,omitempty"`
}

// Kind says what an Event tells.
type Kind string

// What a worker tells the kernel.
const (
	Ready     Kind = "ready"     // the worker takes commands
	Result    Kind = "result"    // Parts of the last expression of run Seq
	Done      Kind = "done"      // run Seq has ended: Outcome
	Reply     Kind = "reply"     // to Ping, Setenv and Chdir: Error or nothing
	Goroutine Kind = "goroutine" // a goroutine that a cell started has panicked: Panic
	Busy      Kind = "busy"      // run Seq does not stop: Function is still running
	Display   Kind = "display"   // Parts to show beside the result; with ID, as the one that Update replaces
	Clear     Kind = "clear"     // remove the cell's outputs; with Update, when the next one comes
	FromComm  Kind = "comm"      // a message of a comm to the front end
	// Capture has what the worker shows from now on go to the output widget of the comm
	// Function, or no longer where that is empty: a Captured command answers.
	Capture Kind = "capture"
)

// Event is one message from the worker to the kernel.
type Event struct {
	Kind     Kind            `json:"kind"`
	Seq      int             `json:"seq,omitempty"`
	Parts    map[string]Part `json:"parts,omitempty"`
	Outcome  *Outcome        `json:"outcome,omitempty"`
	Panic    *Panic          `json:"panic,omitempty"`
	Error    string          `json:"error,omitempty"`
	Function string          `json:"function,omitempty"`
	ID       string          `json:"id,omitempty"`
	Update   bool            `json:"update,omitempty"`
	Comm     json.RawMessage `json:"comm,omitempty"` // a comm.Message
}

// Part is the content of one MIME type: text, bytes or a JSON value.
type Part struct {
	Text  string          `json:"text,omitempty"`
	Bytes []byte          `json:"bytes,omitempty"`
	JSON  json.RawMessage `json:"json,omitempty"`
}

// Outcome is how a run ended.
type Outcome struct {
	LoadError   string        `json:"load_error,omitempty"` // the object could not be loaded; nothing ran
	Missing     []string      `json:"missing,omitempty"`    // packages that the object needs and Load does not name
	Linked      string        `json:"linked,omitempty"`     // a package of which the object needs C code, or the like
	Loaded      bool          `json:"loaded,omitempty"`
	Wall        time.Duration `json:"wall"`
	User        time.Duration `json:"user"`
	Sys         time.Duration `json:"sys"`
	Error       string        `json:"error,omitempty"` // of a last expression (T, error)
	Panic       *Panic        `json:"panic,omitempty"`
	Interrupted bool          `json:"interrupted,omitempty"`
	Settled     uint64        `json:"settled,omitempty"` // a bit for each statement that declares variables: it has run
	Frames      []Frame       `json:"frames,omitempty"`  // where Error was met, or the interrupt
	// Of an interrupted run that waits and does not end yet: what for, in the
	// runtime's words, and the text of its stack.
	Waiting string `json:"waiting,omitempty"`
	Stack   string `json:"stack,omitempty"`
}

// Panic is a panic that reached the top of its goroutine.
type Panic struct {
	Value  string  `json:"value"`
	Frames []Frame `json:"frames,omitempty"` // innermost first, the runtime's own left out
}

// Frame is one call of a stack.
type Frame struct {
	Func string `json:"func"`
	File string `json:"file"`
	Line int    `json:"line"`
	// Starts tells the call that started the goroutine.
	Starts bool `json:"starts,omitempty"`
}

// session is in the import path of the worker's own packages, wherever it is built.
const session = "locuslab.session/"

// IsHost reports whether a function, as stacks call it, is of the code that loads and
// runs cells, below which nothing is of use to a user.
func IsHost(function string) bool {
	_, own, ok := strings.Cut(function, session)
	return ok && (strings.HasPrefix(own, "host.") || strings.HasPrefix(own, "loader."))
}
