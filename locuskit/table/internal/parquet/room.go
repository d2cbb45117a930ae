package parquet

import "locuslab/locuskit/table/internal/large"

// Room is memory for the columns of a row group, which those of the next one that is read into it get.
type Room struct{ columns map[int]*decoded }

// Rooms lends rooms to those who work on row groups, as many at a time.
type Rooms struct {
	free chan *Room
	lent []*Room // to each row group
}

// NewRooms returns rooms for so many workers on so many row groups.
func NewRooms(workers, groups int) *Rooms {
	r := &Rooms{make(chan *Room, workers), make([]*Room, groups)}
	for range workers {
		r.free <- &Room{make(map[int]*decoded)}
	}
	return r
}

// Take returns a room for a row group.
func (r *Rooms) Take(group int) *Room {
	r.lent[group] = <-r.free
	return r.lent[group]
}

// GiveBack ends the use of the room of a row group: what was read into it is lost.
func (r *Rooms) GiveBack(group int) { r.free <- r.lent[group] }

// again returns n numbers in the memory of others if there is room.
func again[T large.Number](others []T, n int) []T {
	if cap(others) >= n && others != nil {
		return others[:n]
	}
	return large.Unzeroed[T](n)
}
