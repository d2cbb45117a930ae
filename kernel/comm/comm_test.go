package comm

import (
	"fmt"
	"slices"
	"testing"
)

type listener struct {
	refuses bool
	got     []string
}

func (l *listener) Receive(m Message) bool {
	l.got = append(l.got, fmt.Sprint(m.Kind, " ", m.ID))
	return !l.refuses
}

func TestRouter(t *testing.T) {
	r := NewRouter()
	var sent []string
	r.Send(Message{Kind: Open, ID: "early", Target: "x"}, nil) // nobody is there to take it
	r.Attach(func(m Message) { sent = append(sent, fmt.Sprint(m.Kind, " ", m.ID)) })
	widgets, own, refusing := &listener{}, &listener{}, &listener{refuses: true}
	r.Receive(Message{Kind: Open, ID: "0", Target: "unknown"})
	r.Handle("", widgets)
	r.Handle("own", own)
	r.Handle("refused", refusing)
	r.Receive(Message{Kind: Open, ID: "1", Target: "own"})
	r.Receive(Message{Kind: Open, ID: "2", Target: "control"})
	r.Receive(Message{Kind: Open, ID: "3", Target: "refused"})
	r.Send(Message{Kind: Open, ID: "4", Target: "widget"}, widgets)
	r.Receive(Message{Kind: Data, ID: "4"})
	r.Receive(Message{Kind: Data, ID: "1"})
	r.Receive(Message{Kind: Data, ID: "nobody's"})
	if list := r.List("widget"); len(list) != 1 || list["4"] != "widget" {
		t.Errorf("open comms %v", list)
	}
	r.Receive(Message{Kind: Close, ID: "1"})
	r.Drop(widgets)
	r.Receive(Message{Kind: Open, ID: "5", Target: "control"})
	if want := []string{"comm_open 1", "comm_msg 1", "comm_close 1"}; !slices.Equal(own.got, want) {
		t.Errorf("a target's endpoint got %q", own.got)
	}
	if want := []string{"comm_open 2", "comm_msg 4"}; !slices.Equal(widgets.got, want) {
		t.Errorf("the endpoint of all other targets got %q", widgets.got)
	}
	want := []string{"comm_close 0", "comm_close 2", "comm_close 3", "comm_close 4", "comm_close 5", "comm_open 4"}
	if slices.Sort(sent); !slices.Equal(sent, want) {
		t.Errorf("the front end got %q", sent)
	}
}
