package column

import (
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"math"
	"sync"
	"unicode/utf8"
	"unsafe"

	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
)

// PlainText is how a column of strings is held whose values hardly repeat: a dictionary would
// cost more than it saves. Each row has a view, where in text its value is; rows can be taken
// and left out as numbers are, and share the text. Queries that compare rows with rows (groups,
// joins, sorting) work on codes: the column is encoded when the first of them asks.
type PlainText struct {
	Text []byte
	Odd  bool // some value may not be UTF-8

	mu    sync.Mutex
	coded *Column // once asked for
}

const (
	ViewSize    = 28 // bits of a view that are the length; the others are where it begins
	longestText = 1<<ViewSize - 1
	Farthest    = 1<<(64-ViewSize) - 1
)

// A column of strings is read without a dictionary where its values hardly repeat.
const (
	DiverseFrom  = 1 << 15 // values of a dictionary from which on one is left out
	DiverseShare = 8       // if there is more than one in this many rows
	diverseSoon  = 1 << 12 // or so few, if hardly one has come twice
)

// ViewOf returns the view of size bytes at a place in a text.
func ViewOf(at, size int) uint64 { return uint64(at)<<ViewSize | uint64(size) }

func (p *PlainText) value(view uint64) string {
	b := p.Bytes(view)
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// Bytes returns what a view is of.
func (p *PlainText) Bytes(view uint64) []byte {
	at := view >> ViewSize
	return p.Text[at : at+view&longestText]
}

// OfViews returns a column of strings without a dictionary; valid is nil where no value is null.
func OfViews(name string, views []uint64, p *PlainText, valid []byte) *Column {
	return &Column{Name: name, Kind: String, N: len(views), Views: views, Plain: p, Valid: valid}
}

// Str returns the string of row i, which is not null.
func (c *Column) Str(i int) string {
	if c.Plain != nil {
		return c.Plain.value(c.Views[i])
	}
	return c.Dict.Value(c.Codes[i])
}

// Encoded returns c, if it is one of strings with a dictionary, which is made the first time.
func (c *Column) Encoded(e exec.Run) (*Column, error) {
	if c.Plain == nil {
		return c, nil
	}
	c.Plain.mu.Lock()
	defer c.Plain.mu.Unlock()
	if have := c.Plain.coded; have != nil && have.Name == c.Name {
		return have, nil
	} else if have != nil {
		renamed := *have
		renamed.Name = c.Name
		return &renamed, nil
	}
	out, err := c.encode(e.Quiet())
	if err == nil {
		c.Plain.coded = out
	}
	return out, err
}

// encode makes the dictionary of a column: where a sample says that values repeat, by
// dictionaries of parts that are put together, else by hash: a part of all values each, whose
// table stays in the processor's caches.
func (c *Column) encode(e exec.Run) (*Column, error) {
	const sample = 4096
	if c.N > 1<<16 {
		b := NewDictionaryBuilder()
		for k := range sample {
			if i := c.N / sample * k; !c.Null(i) {
				b.Add(c.Str(i))
			}
		}
		if b.Len() > sample/8 {
			return c.encodeByHash(e)
		}
	}
	return c.encodeByParts(e)
}

func (c *Column) encodeByParts(e exec.Run) (*Column, error) {
	codes := large.Zeroed[int32](c.N)
	made := make([]*DictionaryBuilder, exec.ChunkCount(c.N, exec.ChunkRows))
	fresh := func() *DictionaryBuilder {
		b := NewDictionaryBuilder()
		b.Run = e
		return b
	}
	err := exec.ChunksWith(e, c.N, exec.ChunkRows, fresh, func(b *DictionaryBuilder, chunk, from, to int) {
		for i := from; i < to; i++ {
			if !c.Null(i) {
				codes[i] = b.AddBytes(c.Plain.Bytes(c.Views[i]))
			}
		}
		made[chunk] = b
	})
	if err != nil {
		return nil, err
	}
	all := NewDictionaryBuilder()
	recode := make(map[*DictionaryBuilder][]int32)
	for _, b := range made {
		if b.Full {
			return nil, ErrDictionaryFull(c.Name)
		}
		if recode[b] == nil {
			recode[b] = all.Absorb(e, b.Build())
		}
	}
	if all.Full {
		return nil, ErrDictionaryFull(c.Name)
	}
	err = e.Chunks(c.N, exec.ChunkRows, func(chunk, from, to int) {
		if to := recode[made[chunk]]; len(to) > 0 {
			for i, code := range codes[from:min(from+exec.ChunkRows, c.N)] {
				codes[from+i] = to[code]
			}
		}
	})
	out := OfCodes(c.Name, codes, all.Build(), c.Valid)
	out.Exact = true
	return out, err
}

const (
	hashParts = 1 << 8
	partShift = 32 - 8 // bits of a text's number in its part
)

// hashedText is a text to be looked up: what is compared stands with it, so that the table's
// work does not wait for texts from all over the memory. Texts of up to 16 bytes are whole in
// it.
type hashedText struct {
	words [2]uint64
	view  uint64
	hash  uint32 // and when it was looked up its number in its part
	row   uint32 // in its chunk
}

// encodeByHash gives each string its code in a dictionary of many values. Texts are shared out
// by hash first, so that each part has a table that stays in the processor's caches.
func (c *Column) encodeByHash(e exec.Run) (*Column, error) {
	codes := large.Zeroed[int32](c.N)
	tables := make([]*viewTable, hashParts)
	for p := range tables {
		tables[p] = newViewTable(c.Plain)
	}
	// So many rows are shared out at a time, which bounds the memory for it.
	items := make([]hashedText, min(c.N, encodeRows))
	starts := make([][hashParts + 1]int32, exec.ChunkCount(len(items), exec.ChunkRows))
	for first := 0; first < c.N; first += len(items) {
		rows := min(len(items), c.N-first)
		if err := c.shareOut(e, items, starts, first, rows); err != nil {
			return nil, err
		}
		err := e.Tasks(hashParts, func(p int) {
			table := tables[p]
			for chunk := range exec.ChunkCount(rows, exec.ChunkRows) {
				from := chunk * exec.ChunkRows
				part := items[from+int(starts[chunk][p]) : from+int(starts[chunk][p+1])]
				for i := range part {
					part[i].hash = table.find(&part[i])
				}
			}
		})
		if err == nil {
			err = e.Chunks(rows, exec.ChunkRows, func(chunk, from, to int) {
				out := codes[first+from : first+to]
				for p := range hashParts {
					for _, item := range items[from+int(starts[chunk][p]) : from+int(starts[chunk][p+1])] {
						out[item.row] = int32(uint32(p)<<partShift | item.hash)
					}
				}
			})
		}
		if err != nil {
			return nil, err
		}
	}
	bases, d, err := dictionaryOf(e, tables)
	if err != nil {
		return nil, err
	}
	if d == nil {
		return nil, ErrDictionaryFull(c.Name)
	}
	err = e.Chunks(c.N, exec.ChunkRows, func(_, from, to int) {
		for i, code := range codes[from:to] {
			codes[from+i] = bases[uint32(code)>>partShift] + code&(1<<partShift-1)
		}
	})
	out := OfCodes(c.Name, codes, d, c.Valid)
	out.Exact = true
	return out, err
}

// encodeRows is how many rows are shared out by hash at a time.
const encodeRows = 16 * exec.ChunkRows

// shareOut puts the texts of rows from first on into items, those of each chunk by their part.
func (c *Column) shareOut(e exec.Run, items []hashedText, starts [][hashParts + 1]int32, first, rows int) error {
	fresh := func() []textHash { return make([]textHash, exec.ChunkRows) }
	return exec.ChunksWith(e, rows, exec.ChunkRows, fresh, func(hashes []textHash, chunk, from, to int) {
		at := &starts[chunk]
		*at = [hashParts + 1]int32{}
		for i := from; i < to; i++ {
			if row := first + i; !c.Null(row) {
				h := hashText(c.Plain.Text, c.Views[row])
				hashes[i-from] = h
				at[h.part()+1]++
			}
		}
		for p := range hashParts {
			at[p+1] += at[p]
		}
		next := *at
		out := items[from:to]
		for i := from; i < to; i++ {
			row := first + i
			if c.Null(row) {
				continue
			}
			h := hashes[i-from]
			p := h.part()
			out[next[p]] = hashedText{firstWords(c.Plain.Text, c.Views[row]), c.Views[row], uint32(h), uint32(i - from)}
			next[p]++
		}
	})
}

// dictionaryOf returns a dictionary of the tables' texts, and the code of the first of each; nil if
// they are too large for one.
func dictionaryOf(e exec.Run, tables []*viewTable) ([]int32, *Dictionary, error) {
	bases, values := make([]int32, len(tables)), 0
	ends := make([]int, len(tables)+1)
	for p, t := range tables {
		bases[p] = int32(values)
		values += len(t.views)
		ends[p+1] = ends[p]
		for _, v := range t.views {
			ends[p+1] += int(v & longestText)
		}
		if len(t.views) > 1<<partShift {
			return nil, nil, nil
		}
	}
	if ends[len(tables)] > math.MaxInt32 || values > math.MaxInt32 {
		return nil, nil, nil
	}
	d := &Dictionary{Offsets: make([]int32, values+1), Data: make([]byte, ends[len(tables)])}
	return bases, d, e.Tasks(len(tables), func(p int) {
		at := ends[p]
		for i, v := range tables[p].views {
			at += copy(d.Data[at:], tables[p].text.Bytes(v))
			d.Offsets[int(bases[p])+i+1] = int32(at)
		}
	})
}

// textHash is a hash whose highest bits choose a part of all texts and whose lowest a slot.
type textHash uint64

func (h textHash) part() int { return int(h >> 56) }

// wordAt is up to eight bytes of text from at on, of which size are meant.
func wordAt(text []byte, at, size uint64) uint64 {
	if at+8 <= uint64(len(text)) {
		word := binary.LittleEndian.Uint64(text[at:])
		if size < 8 {
			word &= 1<<(8*size) - 1
		}
		return word
	}
	var word uint64
	for i := range min(size, 8) {
		word |= uint64(text[at+i]) << (8 * i)
	}
	return word
}

// firstWords returns the first sixteen bytes of a text.
func firstWords(text []byte, view uint64) [2]uint64 {
	at, size := view>>ViewSize, view&longestText
	if size <= 8 {
		return [2]uint64{wordAt(text, at, size)}
	}
	return [2]uint64{wordAt(text, at, 8), wordAt(text, at+8, size-8)}
}

func hashText(text []byte, view uint64) textHash {
	at, size := view>>ViewSize, view&longestText
	if size <= 16 {
		w := firstWords(text, view)
		return textHash(MixWord(w[0] ^ MixWord(w[1]^size)))
	}
	return textHash(maphash.Bytes(hashSeed, text[at:at+size]))
}

// viewTable gives each distinct text a number.
type viewTable struct {
	text  *PlainText
	slots []viewSlot // open addressing; a power of two
	views []uint64   // of each number
	words [][2]uint64
}

type viewSlot struct {
	hash uint32
	next uint32 // the number + 1; 0: the slot is free
}

func newViewTable(text *PlainText) *viewTable {
	return &viewTable{text: text, slots: make([]viewSlot, 256)}
}

func (t *viewTable) find(item *hashedText) uint32 {
	view := item.view
	mask := uint32(len(t.slots) - 1)
	for i := item.hash; ; i++ {
		s := &t.slots[i&mask]
		if s.next == 0 {
			*s = viewSlot{item.hash, uint32(len(t.views)) + 1}
			t.views, t.words = append(t.views, view), append(t.words, item.words)
			if 2*len(t.views) > len(t.slots) {
				t.grow()
			}
			return uint32(len(t.views)) - 1
		}
		if s.hash == item.hash && t.words[s.next-1] == item.words {
			have := t.views[s.next-1]
			if size := view & longestText; have&longestText == size && (size <= 16 || t.text.value(have) == t.text.value(view)) {
				return s.next - 1
			}
		}
	}
}

func (t *viewTable) grow() {
	old := t.slots
	t.slots = large.Zeroed[viewSlot](2 * len(old))
	mask := uint32(len(t.slots) - 1)
	for _, s := range old {
		if s.next == 0 {
			continue
		}
		i := s.hash
		for t.slots[i&mask].next != 0 {
			i++
		}
		t.slots[i&mask] = s
	}
}

// SpelledOut returns a column with a dictionary as one without, whose text is appended to what is in
// text.
func (c *Column) SpelledOut(views []uint64, text []byte) []byte {
	at := len(text)
	text = append(text, c.Dict.Data...)
	for i, code := range c.Codes {
		if int(code) < c.Dict.Len() && !c.Null(i) {
			from, to := int(c.Dict.Offsets[code]), int(c.Dict.Offsets[code+1])
			views[i] = ViewOf(at+from, to-from)
		}
	}
	return text
}

// concatPlain is Concat of strings of which some have no dictionary.
func concatPlain(e exec.Run, parts []*Column, out *Column) error {
	size := 0
	for _, p := range parts {
		if p.Plain != nil {
			size += len(p.Plain.Text)
		} else {
			size += len(p.Dict.Data)
		}
	}
	if size > Farthest {
		return ErrDictionaryFull(out.Name)
	}
	out.Plain = &PlainText{Text: make([]byte, 0, size)}
	at := 0
	placed := make(map[*PlainText]int)
	for _, p := range parts {
		if err := e.Cancelled(); err != nil {
			return err
		}
		views := out.Views[at : at+p.N]
		at += p.N
		if p.Plain == nil {
			out.Plain.Text = p.SpelledOut(views, out.Plain.Text)
			continue
		}
		base, ok := placed[p.Plain]
		if !ok {
			base = len(out.Plain.Text)
			placed[p.Plain] = base
			out.Plain.Text = append(out.Plain.Text, p.Plain.Text...)
		}
		for i, v := range p.Views {
			views[i] = v + uint64(base)<<ViewSize
		}
	}
	return nil
}

// comparePlain compares the strings of a column without a dictionary.
func comparePlain(c *Column, op, v string) Matcher {
	var want [3]bool // below, equal, above
	switch op {
	case "==":
		want[1] = true
	case "!=":
		want[0], want[2] = true, true
	case "<":
		want[0] = true
	case "<=":
		want[0], want[1] = true, true
	case ">":
		want[2] = true
	case ">=":
		want[1], want[2] = true, true
	}
	return func(from, to int, out []int32) int {
		n := 0
		for i := from; i < to; i++ {
			out[n] = int32(i - from)
			if !c.Null(i) && want[cmp.Compare(c.Str(i), v)+1] {
				n++
			}
		}
		return n
	}
}

// NotUTF8 finds the first row whose text is not UTF-8.
func (p *PlainText) NotUTF8(e exec.Run, c *Column) (row int, text string, found bool) {
	if !p.Odd {
		return 0, "", false
	}
	for row := range c.Views {
		if row%exec.ChunkRows == 0 && e.Cancelled() != nil {
			break // the caller sees it too
		}
		if text := c.Str(row); !c.Null(row) && !utf8.ValidString(text) {
			return row, text, true
		}
	}
	return 0, "", false
}
