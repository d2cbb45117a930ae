package program

import "slices"

// atOnce is how many candidates Reduce asks about together.
const atOnce = 24

// Reduce returns a smaller program that still fails. It asks which of several
// programs fail; those that are no valid Go do not.
func Reduce(p Program, fail func([]Program) []bool) Program {
	for {
		before := size(p)
		for n := max(1, len(p.Cells)/2); n >= 1; n /= 2 {
			p = firstFailing(p, fail, func(p Program) []Program { return withoutCells(p, n) })
		}
		p = firstFailing(p, fail, joined)
		for n := max(1, len(p.Pieces())/3); n >= 1; n /= 2 {
			p = firstFailing(p, fail, func(p Program) []Program { return withoutPieces(p, n) })
		}
		p = firstFailing(p, fail, edited)
		if size(p) >= before {
			return p
		}
	}
}

func size(p Program) int {
	n := 0
	for _, c := range p.Cells {
		n += 10
		for _, piece := range c.Pieces {
			n += 10 + len(piece.Text)
		}
	}
	return n
}

// firstFailing replaces the program by the first of its smaller forms that fails, as
// long as there is one.
func firstFailing(p Program, fail func([]Program) []bool, smaller func(Program) []Program) Program {
	from := 0
	for {
		list := smaller(p)
		if from >= len(list) {
			return p
		}
		part := list[from:min(len(list), from+atOnce)]
		found := slices.Index(fail(part), true)
		if found < 0 {
			from += len(part)
			continue
		}
		p = part[found]
		from += found // those before it did not fail
	}
}

func withoutCells(p Program, n int) []Program {
	var list []Program
	for i := 0; i < len(p.Cells); i += n {
		q := Program{Name: p.Name, Cells: slices.Concat(p.Cells[:i], p.Cells[min(len(p.Cells), i+n):])}
		if len(q.Cells) > 0 {
			list = append(list, q)
		}
	}
	return list
}

func withCell(p Program, i int, c Cell) Program {
	q := Program{Name: p.Name, Cells: slices.Clone(p.Cells)}
	q.Cells[i] = c
	return q
}

// withoutPieces leaves n pieces out, wherever one cell ends and the next begins.
func withoutPieces(p Program, n int) []Program {
	var list []Program
	total := len(p.Pieces())
	for from := 0; from < total; from += n {
		q := Program{Name: p.Name}
		i := 0
		for _, c := range p.Cells {
			var kept Cell
			for _, piece := range c.Pieces {
				if i < from || i >= from+n {
					kept.Pieces = append(kept.Pieces, piece)
				}
				i++
			}
			if len(kept.Pieces) > 0 {
				q.Cells = append(q.Cells, kept)
			}
		}
		if len(q.Cells) > 0 {
			list = append(list, q)
		}
	}
	return list
}

// joined makes one cell of two, where Cut could have done so.
func joined(p Program) []Program {
	var list []Program
	for i := range len(p.Cells) - 1 {
		mentioned := map[string]bool{}
		for _, piece := range p.Cells[i].Pieces {
			for _, n := range Names(piece.Text) {
				mentioned[n] = true
			}
		}
		clash := p.Cells[i].Interrupted() || p.Cells[i+1].Interrupted() || p.Cells[i].Pieces[len(p.Cells[i].Pieces)-1].Kind == Result
		for _, piece := range p.Cells[i+1].Pieces {
			for _, d := range piece.Declares {
				clash = clash || mentioned[d.Name]
			}
		}
		if clash {
			continue
		}
		q := Program{Name: p.Name}
		q.Cells = append(q.Cells, p.Cells[:i]...)
		q.Cells = append(q.Cells, Cell{Pieces: slices.Concat(p.Cells[i].Pieces, p.Cells[i+1].Pieces)})
		q.Cells = append(q.Cells, p.Cells[i+2:]...)
		list = append(list, q)
	}
	return list
}

// edited takes something out of one piece, or makes it simpler.
func edited(p Program) []Program {
	var list []Program
	for i, c := range p.Cells {
		for j, piece := range c.Pieces {
			for _, text := range simpler(piece) {
				q := piece
				q.Text = text
				pieces := slices.Clone(c.Pieces)
				pieces[j] = q
				list = append(list, withCell(p, i, Cell{Pieces: pieces}))
			}
		}
	}
	return list
}
