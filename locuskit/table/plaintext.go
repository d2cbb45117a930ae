package table

import (
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"math"
	"sync"
	"unicode/utf8"
	"unsafe"

	"locuslab/locuskit/table/internal/exec"
)

// plainText is how a column of strings is held whose values hardly repeat: a dictionary would
// cost more than it saves. Each row has a view, where in text its value is; rows can be taken
// and left out as numbers are, and share the text. Queries that compare rows with rows (groups,
// joins, sorting) work on codes: the column is encoded when the first of them asks.
type plainText struct {
	text []byte
	odd  bool // some value may not be UTF-8

	mu    sync.Mutex
	coded *column // once asked for
}

const (
	viewSize    = 28 // bits of a view that are the length; the others are where it begins
	longestText = 1<<viewSize - 1
	farthest    = 1<<(64-viewSize) - 1
)

func viewOf(at, size int) uint64 { return uint64(at)<<viewSize | uint64(size) }

func (p *plainText) value(view uint64) string {
	b := p.bytes(view)
	return unsafe.String(unsafe.SliceData(b), len(b))
}

func (p *plainText) bytes(view uint64) []byte {
	at := view >> viewSize
	return p.text[at : at+view&longestText]
}

func plainColumn(name string, views []uint64, p *plainText, valid []byte) *column {
	return &column{name: name, kind: String, n: len(views), views: views, plain: p, valid: valid}
}

// str is the string of row i, which is not null.
func (c *column) str(i int) string {
	if c.plain != nil {
		return c.plain.value(c.views[i])
	}
	return c.dict.value(c.codes[i])
}

// encoded is c, if it is one of strings with a dictionary, which is made the first time.
func (c *column) encoded(e exec.Run) (*column, error) {
	if c.plain == nil {
		return c, nil
	}
	c.plain.mu.Lock()
	defer c.plain.mu.Unlock()
	if have := c.plain.coded; have != nil && have.name == c.name {
		return have, nil
	} else if have != nil {
		renamed := *have
		renamed.name = c.name
		return &renamed, nil
	}
	out, err := c.encode(e.Quiet())
	if err == nil {
		c.plain.coded = out
	}
	return out, err
}

// encode makes the dictionary of a column: where a sample says that values repeat, by
// dictionaries of parts that are put together, else by hash: a part of all values each, whose
// table stays in the processor's caches.
func (c *column) encode(e exec.Run) (*column, error) {
	const sample = 4096
	if c.n > 1<<16 {
		b := newDictionaryBuilder()
		for k := range sample {
			if i := c.n / sample * k; !c.null(i) {
				b.add(c.str(i))
			}
		}
		if b.len() > sample/8 {
			return c.encodeByHash(e)
		}
	}
	return c.encodeByParts(e)
}

func (c *column) encodeByParts(e exec.Run) (*column, error) {
	codes := make([]int32, c.n)
	made := make([]*dictionaryBuilder, exec.ChunkCount(c.n, exec.ChunkRows))
	fresh := func() *dictionaryBuilder {
		b := newDictionaryBuilder()
		b.run = e
		return b
	}
	err := exec.ChunksWith(e, c.n, exec.ChunkRows, fresh, func(b *dictionaryBuilder, chunk, from, to int) {
		for i := from; i < to; i++ {
			if !c.null(i) {
				codes[i] = b.addBytes(c.plain.bytes(c.views[i]))
			}
		}
		made[chunk] = b
	})
	if err != nil {
		return nil, err
	}
	all := newDictionaryBuilder()
	recode := make(map[*dictionaryBuilder][]int32)
	for _, b := range made {
		if b.full {
			return nil, errDictionaryFull(c.name)
		}
		if recode[b] == nil {
			recode[b] = all.absorb(e, b.build())
		}
	}
	if all.full {
		return nil, errDictionaryFull(c.name)
	}
	err = e.Chunks(c.n, exec.ChunkRows, func(chunk, from, to int) {
		if to := recode[made[chunk]]; len(to) > 0 {
			for i, code := range codes[from:min(from+exec.ChunkRows, c.n)] {
				codes[from+i] = to[code]
			}
		}
	})
	out := stringColumn(c.name, codes, all.build(), c.valid)
	out.exact = true
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
func (c *column) encodeByHash(e exec.Run) (*column, error) {
	codes := make([]int32, c.n)
	tables := make([]*viewTable, hashParts)
	for p := range tables {
		tables[p] = newViewTable(c.plain)
	}
	// So many rows are shared out at a time, which bounds the memory for it.
	items := make([]hashedText, min(c.n, encodeRows))
	starts := make([][hashParts + 1]int32, exec.ChunkCount(len(items), exec.ChunkRows))
	for first := 0; first < c.n; first += len(items) {
		rows := min(len(items), c.n-first)
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
		return nil, errDictionaryFull(c.name)
	}
	err = e.Chunks(c.n, exec.ChunkRows, func(_, from, to int) {
		for i, code := range codes[from:to] {
			codes[from+i] = bases[uint32(code)>>partShift] + code&(1<<partShift-1)
		}
	})
	out := stringColumn(c.name, codes, d, c.valid)
	out.exact = true
	return out, err
}

// encodeRows is how many rows are shared out by hash at a time.
const encodeRows = 16 * exec.ChunkRows

// shareOut puts the texts of rows from first on into items, those of each chunk by their part.
func (c *column) shareOut(e exec.Run, items []hashedText, starts [][hashParts + 1]int32, first, rows int) error {
	fresh := func() []textHash { return make([]textHash, exec.ChunkRows) }
	return exec.ChunksWith(e, rows, exec.ChunkRows, fresh, func(hashes []textHash, chunk, from, to int) {
		at := &starts[chunk]
		*at = [hashParts + 1]int32{}
		for i := from; i < to; i++ {
			if row := first + i; !c.null(row) {
				h := hashText(c.plain.text, c.views[row])
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
			if c.null(row) {
				continue
			}
			h := hashes[i-from]
			p := h.part()
			out[next[p]] = hashedText{firstWords(c.plain.text, c.views[row]), c.views[row], uint32(h), uint32(i - from)}
			next[p]++
		}
	})
}

// dictionaryOf is a dictionary of the tables' texts, and the code of the first of each; nil if
// they are too large for one.
func dictionaryOf(e exec.Run, tables []*viewTable) ([]int32, *dictionary, error) {
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
	d := &dictionary{offsets: make([]int32, values+1), data: make([]byte, ends[len(tables)])}
	return bases, d, e.Tasks(len(tables), func(p int) {
		at := ends[p]
		for i, v := range tables[p].views {
			at += copy(d.data[at:], tables[p].text.bytes(v))
			d.offsets[int(bases[p])+i+1] = int32(at)
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

// firstWords is the first sixteen bytes of a text.
func firstWords(text []byte, view uint64) [2]uint64 {
	at, size := view>>viewSize, view&longestText
	if size <= 8 {
		return [2]uint64{wordAt(text, at, size)}
	}
	return [2]uint64{wordAt(text, at, 8), wordAt(text, at+8, size-8)}
}

func hashText(text []byte, view uint64) textHash {
	at, size := view>>viewSize, view&longestText
	if size <= 16 {
		w := firstWords(text, view)
		return textHash(mixWord(w[0] ^ mixWord(w[1]^size)))
	}
	return textHash(maphash.Bytes(hashSeed, text[at:at+size]))
}

// viewTable gives each distinct text a number.
type viewTable struct {
	text  *plainText
	slots []viewSlot // open addressing; a power of two
	views []uint64   // of each number
	words [][2]uint64
}

type viewSlot struct {
	hash uint32
	next uint32 // the number + 1; 0: the slot is free
}

func newViewTable(text *plainText) *viewTable {
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
	t.slots = make([]viewSlot, 2*len(old))
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

// spelledOut is a column with a dictionary as one without, whose text goes behind what is in
// text.
func (c *column) spelledOut(views []uint64, text []byte) []byte {
	at := len(text)
	text = append(text, c.dict.data...)
	for i, code := range c.codes {
		if int(code) < c.dict.len() && !c.null(i) {
			from, to := int(c.dict.offsets[code]), int(c.dict.offsets[code+1])
			views[i] = viewOf(at+from, to-from)
		}
	}
	return text
}

// concatPlain is concatColumns of strings of which some have no dictionary.
func concatPlain(e exec.Run, parts []*column, out *column) error {
	size := 0
	for _, p := range parts {
		if p.plain != nil {
			size += len(p.plain.text)
		} else {
			size += len(p.dict.data)
		}
	}
	if size > farthest {
		return errDictionaryFull(out.name)
	}
	out.plain = &plainText{text: make([]byte, 0, size)}
	at := 0
	placed := make(map[*plainText]int)
	for _, p := range parts {
		if err := e.Cancelled(); err != nil {
			return err
		}
		views := out.views[at : at+p.n]
		at += p.n
		if p.plain == nil {
			out.plain.text = p.spelledOut(views, out.plain.text)
			continue
		}
		base, ok := placed[p.plain]
		if !ok {
			base = len(out.plain.text)
			placed[p.plain] = base
			out.plain.text = append(out.plain.text, p.plain.text...)
		}
		for i, v := range p.views {
			views[i] = v + uint64(base)<<viewSize
		}
	}
	return nil
}

// comparePlain compares the strings of a column without a dictionary.
func comparePlain(c *column, op, v string) matcher {
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
			if !c.null(i) && want[cmp.Compare(c.str(i), v)+1] {
				n++
			}
		}
		return n
	}
}

// notUTF8 finds the first row whose text is not UTF-8.
func (p *plainText) notUTF8(e exec.Run, c *column) (row int, text string, found bool) {
	if !p.odd {
		return 0, "", false
	}
	for row := range c.views {
		if row%exec.ChunkRows == 0 && e.Cancelled() != nil {
			break // the caller sees it too
		}
		if text := c.str(row); !c.null(row) && !utf8.ValidString(text) {
			return row, text, true
		}
	}
	return 0, "", false
}
