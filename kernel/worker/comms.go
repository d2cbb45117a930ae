package worker

import (
	"encoding/json"

	"locuslab/kernel/comm"
	"locuslab/kernel/display"
	"locuslab/kernel/worker/wire"
)

// endpoint makes a Process one end of the comms that its cells have.
type endpoint struct{ process *Process }

// Receive implements comm.Endpoint.
func (e endpoint) Receive(m comm.Message) bool {
	text, err := json.Marshal(m)
	if err != nil {
		return false
	}
	return e.process.send(wire.Command{Verb: wire.ToComm, Comm: text}) == nil
}

// fromComm takes a message of a comm to the front end.
func (p *Process) fromComm(text json.RawMessage) {
	var m comm.Message
	if err := json.Unmarshal(text, &m); err != nil {
		p.log.Debug("a message of a comm", "err", err)
		return
	}
	if p.comms != nil {
		p.comms.Send(m, endpoint{p})
	}
}

// display shows what the worker's code shows beside a result.
func (p *Process) display(e wire.Event) {
	p.flush()
	b := bundle(e.Parts)
	b.ID, b.Update = e.ID, e.Update
	p.out.do(func(o display.Output) { o.Display(b) })
	p.answer(wire.Command{Seq: e.Seq})
}

// clear removes what the cell has shown.
func (p *Process) clear(e wire.Event) {
	p.flush()
	p.out.do(func(o display.Output) { o.Clear(e.Update) })
	p.answer(wire.Command{Seq: e.Seq})
}

// answer tells the worker that what it asked for is done.
func (p *Process) answer(c wire.Command) {
	c.Verb = wire.Answer
	if err := p.send(c); err != nil {
		p.log.Debug("answer the worker", "err", err)
	}
}

// capture has what the worker shows from now on go to an output widget, or no longer, and
// tells the worker what the widget has.
func (p *Process) capture(e wire.Event) {
	p.flush()
	answer := wire.Command{Seq: e.Seq}
	if e.Function != "" {
		p.out.push(newWidgetOutput(func(state any) { p.updateWidget(e.Function, state) }))
	} else if w := p.out.pop(); w != nil {
		answer.Value = w.close()
	}
	p.answer(answer)
}

// updateWidget changes the state of a widget of the worker's.
func (p *Process) updateWidget(id string, state any) {
	data, err := json.Marshal(map[string]any{"method": "update", "state": state, "buffer_paths": []any{}})
	if err != nil || p.comms == nil {
		return
	}
	p.comms.Send(comm.Message{Kind: comm.Data, ID: id, Data: data}, endpoint{p})
}
