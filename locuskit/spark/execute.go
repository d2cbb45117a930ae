package spark

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"

	"locuslab/locuskit/progress"
)

// execute runs a plan on the server and gives take each batch of its result as it arrives. When ctx ends, so does the
// query on the server.
func (c *Cluster) execute(ctx context.Context, relation fields, take func(arrow.RecordBatch) error) (err error) {
	if err := c.configure(ctx); err != nil {
		return err
	}
	operation := uuid.NewString()
	// The server keeps no result for a client that comes back: what the connection loses is asked for again by the user, who
	// then knows of it.
	request := message("ExecutePlanRequest", c.request(fields{"operation_id": operation, "plan": fields{"root": relation}}))
	stream, cancel := context.WithCancel(ctx)
	defer cancel()
	calls, err := c.conn.NewStream(c.outgoing(stream), &grpc.StreamDesc{ServerStreams: true}, servicePath+"ExecutePlan")
	if err != nil {
		return err
	}
	if err := calls.SendMsg(request); err != nil && !errors.Is(err, io.EOF) { // of EOF, RecvMsg knows why
		return err
	}
	if err := calls.CloseSend(); err != nil {
		return err
	}
	complete := false
	defer func() {
		if !complete {
			cancel()
			c.interrupt(operation)
		}
	}()
	m := newMeter(c.progress)
	defer m.Close()
	for {
		answer := empty("ExecutePlanResponse")
		switch err := calls.RecvMsg(answer); {
		case errors.Is(err, io.EOF): // with the status that all was sent
			complete = true
			m.say(m.Total) // stages that were not needed after all have no report
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return err
		}
		msg := answer.ProtoReflect()
		switch chosen(msg, "response_type") {
		case "arrow_batch":
			batch := under(msg, "arrow_batch")
			rows := get(batch, "row_count").Int()
			if err := eachBatch(get(batch, "data").Bytes(), rows, take); err != nil {
				return err
			}
			m.rows(rows)
		case "":
			m.read(msg)
		}
	}
}

// interrupt has the server end a query. The context of the query is over by then. A server that has not begun with a query
// yet ignores that, so it is told a few times, until it says that it has ended the query. Where that comes while Spark 4
// submits a stage, it runs the stage to its end all the same, and no client can tell or help it.
func (c *Cluster) interrupt(operation string) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	const ofOperation = 3 // the kind of interrupt
	request := message("InterruptRequest", c.request(fields{"interrupt_type": number(ofOperation), "operation_id": operation}))
	for range 5 {
		answer := empty("InterruptResponse")
		if err := c.invoke(ctx, "Interrupt", request, answer); err != nil {
			return // a server that cannot be told is gone
		}
		if get(answer.ProtoReflect(), "interrupted_ids").List().Len() > 0 {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(100 * time.Millisecond): // or it has ended the query itself
		}
	}
}

// eachBatch reads the batches of an Arrow stream, which must have as many rows as the server says.
func eachBatch(data []byte, rows int64, take func(arrow.RecordBatch) error) error {
	in, err := ipc.NewReader(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("read a part of the result: %w", err)
	}
	defer in.Release()
	for in.Next() {
		batch := in.RecordBatch()
		rows -= batch.NumRows()
		if err := take(batch); err != nil {
			return err
		}
	}
	if err := in.Err(); err != nil {
		return fmt.Errorf("read a part of the result: %w", err)
	}
	if rows != 0 {
		return fmt.Errorf("a part of the result has %d rows less than the server says", rows)
	}
	return nil
}

// meter shows how far a query is.
type meter struct {
	*progress.Tracker
	received int64
	stages   int
}

func newMeter(reporter func() progress.Func) *meter {
	var f progress.Func
	if reporter != nil {
		f = reporter()
	}
	return &meter{Tracker: progress.NewTracker("tasks of the cluster", 0, f)}
}

func (m *meter) rows(n int64) {
	m.received += n
	m.say(m.Done)
}

// read takes a report of the server, a message that is younger than the client: stages with their numbers of tasks.
func (m *meter) read(msg protoreflect.Message) {
	const executionProgress, stage, tasks, completed = 18, 1, 2, 3
	total, done, stages := 0, 0, 0
	for report := range messagesIn(msg.GetUnknown(), executionProgress) {
		for s := range messagesIn(report, stage) {
			stages++
			total += numberIn(s, tasks)
			done += numberIn(s, completed)
		}
	}
	if stages > 0 {
		m.stages, m.Total = stages, total
		m.say(done)
	}
}

func (m *meter) say(done int) {
	m.What = fmt.Sprintf("tasks of %d stages, %d rows received,", m.stages, m.received)
	m.Add(done-m.Done, 0)
}

// messagesIn are the messages that stand in a field of a message in its form on the wire.
func messagesIn(wire []byte, field protowire.Number) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for len(wire) > 0 {
			number, kind, n := protowire.ConsumeTag(wire)
			if n < 0 {
				return
			}
			wire = wire[n:]
			size := protowire.ConsumeFieldValue(number, kind, wire)
			if size < 0 {
				return
			}
			if number == field && kind == protowire.BytesType {
				if inner, _ := protowire.ConsumeBytes(wire); !yield(inner) {
					return
				}
			}
			wire = wire[size:]
		}
	}
}

func numberIn(wire []byte, field protowire.Number) int {
	for len(wire) > 0 {
		number, kind, n := protowire.ConsumeTag(wire)
		if n < 0 {
			return 0
		}
		wire = wire[n:]
		if number == field && kind == protowire.VarintType {
			v, _ := protowire.ConsumeVarint(wire)
			return int(v)
		}
		size := protowire.ConsumeFieldValue(number, kind, wire)
		if size < 0 {
			return 0
		}
		wire = wire[size:]
	}
	return 0
}
