package jupyter

import (
	"encoding/json"

	"locuslab/kernel/comm"
	"locuslab/kernel/jupyter/wire"
)

// commContent is the content of the messages of a comm.
type commContent struct {
	ID     string          `json:"comm_id"`
	Target string          `json:"target_name,omitempty"`
	Data   json.RawMessage `json:"data"`
}

// commInfo lists the open comms.
func (s *Server) commInfo(r request) (any, error) {
	var content struct {
		Target string `json:"target_name"`
	}
	if err := r.Decode(&content); err != nil {
		return nil, err
	}
	type info struct {
		Target string `json:"target_name"`
	}
	comms := map[string]info{}
	for id, target := range s.comms.List(content.Target) {
		comms[id] = info{target}
	}
	return struct {
		Status string          `json:"status"`
		Comms  map[string]info `json:"comms"`
	}{"ok", comms}, nil
}

// commReceive takes a message of a comm from the front end.
func (s *Server) commReceive(r request) error {
	var content commContent
	if err := r.Decode(&content); err != nil {
		return err
	}
	s.iopub.commFrom(r)
	s.comms.Receive(comm.Message{Kind: comm.Kind(r.Type), ID: content.ID, Target: content.Target, Data: content.Data, Metadata: r.Metadata, Buffers: r.Buffers})
	return nil
}

// commSend sends one to all front ends.
func (s *Server) commSend(m comm.Message) {
	data := m.Data
	if data == nil {
		data = json.RawMessage("{}")
	}
	s.iopub.publishComm(string(m.Kind), commContent{m.ID, m.Target, data}, m.Metadata, m.Buffers)
}

// commFrom notes the newest message that a comm of a front end has sent.
func (p *publisher) commFrom(r request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.comm = r.Raw
}

// publishComm broadcasts a message of a comm, as a part of the running cell, or, where
// none runs, as the answer to what a comm sent last.
func (p *publisher) publishComm(kind string, content any, metadata json.RawMessage, buffers [][]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	parent := p.running
	if parent == nil {
		parent = p.comm
	}
	m, err := wire.New(p.session, kind, parent, content)
	if err != nil {
		p.log.Error("a message cannot be sent", "type", kind, "err", err)
		return
	}
	m.Metadata, m.Buffers = metadata, buffers
	p.broadcast(m)
}
