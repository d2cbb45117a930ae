package fetch

import (
	"encoding/gob"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"locuslab/locuskit"
)

// queue puts lists of connections, which come in any order, into the order of their numbers. What has to wait for one that is
// late waits in memory up to a bound, and beyond it in a temporary file.
type queue struct {
	put    func(locuskit.Connections) error
	next   int // the number that is put next
	early  map[int]locuskit.Connections
	held   int // connections in early
	spool  *os.File
	length int64
	later  map[int]span // in spool
}

type span struct{ from, length int64 }

// mostWaiting is how many connections wait in memory: some 10 MB.
const mostWaiting = 10_000

// add takes the list of number i, and puts what has its turn then.
func (q *queue) add(i int, list locuskit.Connections) error {
	if i != q.next {
		return q.keep(i, list)
	}
	if err := q.put(list); err != nil {
		return err
	}
	q.next++
	for {
		list, there, err := q.take(q.next)
		if err != nil || !there {
			return err
		}
		if err := q.put(list); err != nil {
			return err
		}
		q.next++
	}
}

// rest puts what is still waiting for numbers that will not come.
func (q *queue) rest() error {
	numbers := slices.AppendSeq(slices.Collect(maps.Keys(q.early)), maps.Keys(q.later))
	slices.Sort(numbers)
	for _, i := range numbers {
		list, _, err := q.take(i)
		if err == nil {
			err = q.put(list)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (q *queue) keep(i int, list locuskit.Connections) error {
	if q.held+len(list) <= mostWaiting {
		if q.early == nil {
			q.early = make(map[int]locuskit.Connections)
		}
		q.early[i] = list
		q.held += len(list)
		return nil
	}
	if q.spool == nil {
		var err error
		if q.spool, err = temporary(); err != nil {
			return err
		}
		q.later = make(map[int]span)
	}
	to := &counted{to: io.NewOffsetWriter(q.spool, q.length)}
	if err := gob.NewEncoder(to).Encode(list); err != nil {
		return fmt.Errorf("keep connections until it is their turn: %w", err)
	}
	q.later[i] = span{q.length, to.n}
	q.length += to.n
	return nil
}

func (q *queue) take(i int) (_ locuskit.Connections, there bool, err error) {
	if list, there := q.early[i]; there {
		delete(q.early, i)
		q.held -= len(list)
		return list, true, nil
	}
	at, there := q.later[i]
	if !there {
		return nil, false, nil
	}
	delete(q.later, i)
	var list locuskit.Connections
	if err := gob.NewDecoder(io.NewSectionReader(q.spool, at.from, at.length)).Decode(&list); err != nil {
		return nil, false, fmt.Errorf("read back connections that waited for their turn: %w", err)
	}
	return list, true, nil
}

func (q *queue) close() {
	if q.spool != nil {
		q.spool.Close()
	}
}

// counted counts what is written.
type counted struct {
	to io.Writer
	n  int64
}

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.n += int64(n)
	return n, err
}
