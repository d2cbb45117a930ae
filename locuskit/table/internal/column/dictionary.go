package column

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"math"
	"math/bits"
	"slices"
	"sync"
	"unicode/utf8"
	"unsafe"

	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/large"
)

// Dictionary is the distinct values of a string column, laid out as an Arrow
// string array: value i is data[offsets[i]:offsets[i+1]]. Immutable once a
// column has it. It may hold values that no row uses (after a filter).
type Dictionary struct {
	Offsets []int32
	Data    []byte
	Odd     bool // some value is not UTF-8

	mu    sync.Mutex
	order []int32 // codes in order of their values; nil until asked for
	ranks []int32 // place of each code in order
}

// Len returns how many values the dictionary has.
func (d *Dictionary) Len() int { return len(d.Offsets) - 1 }

// Value returns the text of a code; it shares the dictionary's memory.
func (d *Dictionary) Value(code int32) string {
	b := d.Data[d.Offsets[code]:d.Offsets[code+1]]
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// Sorted gives the codes in byte order of their values, and the rank of each
// code. Found once for a dictionary, n log n in distinct values, whatever the
// number of rows.
func (d *Dictionary) Sorted(e exec.Run) (order, ranks []int32, err error) {
	e = e.Quiet()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.order != nil {
		return d.order, d.ranks, nil
	}
	if order, err = d.inOrder(e); err != nil {
		return nil, nil, err
	}
	ranks = make([]int32, len(order))
	err = e.Chunks(len(order), exec.ChunkRows, func(_, from, to int) {
		for i, code := range order[from:to] {
			ranks[code] = int32(from + i)
		}
	})
	if err != nil {
		return nil, nil, err
	}
	d.order, d.ranks = order, ranks
	return order, ranks, nil
}

// inOrder returns the codes in byte order of their values: sorted by the eight bytes after what all
// values begin with, which mostly tell them apart, and where not by the values.
func (d *Dictionary) inOrder(e exec.Run) ([]int32, error) {
	n := d.Len()
	common := d.commonPrefix()
	keys := large.Zeroed[uint64](n)
	lo, hi := uint64(math.MaxUint64), uint64(0)
	for i := range keys {
		if i%exec.ChunkRows == 0 && e.Cancelled() != nil {
			return nil, e.Cancelled()
		}
		var p [8]byte
		copy(p[:], d.Data[int(d.Offsets[i])+common:d.Offsets[i+1]])
		keys[i] = binary.BigEndian.Uint64(p[:])
		lo, hi = min(lo, keys[i]), max(hi, keys[i])
	}
	if n == 0 {
		return nil, nil
	}
	sorted, err := Order(e, n, []SortKey{{width: uint(bits.Len64(hi - lo)), fill: func(dst []uint64, from, to int) {
		for i, k := range keys[from:to] {
			dst[i] = k - lo
		}
	}}})
	if err != nil {
		return nil, err
	}
	codes := large.Zeroed[int32](n)
	for i, p := range sorted.pairs {
		codes[i] = int32(uint32(p))
	}
	compare := func(a, b int32) int { return cmp.Compare(d.Value(a), d.Value(b)) }
	for i := 0; i < n; {
		if i%SortRun == 0 && e.Cancelled() != nil {
			return nil, e.Cancelled()
		}
		end := i + 1
		for end < n && keys[codes[end]] == keys[codes[i]] {
			end++
		}
		switch run := codes[i:end]; {
		case len(run) >= SortRun:
			if err := sortItems(e, run, compare); err != nil {
				return nil, err
			}
		case len(run) > 1:
			slices.SortFunc(run, compare)
		}
		i = end
	}
	return codes, nil
}

// commonPrefix returns how many bytes all values begin with.
func (d *Dictionary) commonPrefix() int {
	if d.Len() == 0 {
		return 0
	}
	first := d.Value(0)
	common := len(first)
	for i := 1; i < d.Len() && common > 0; i++ {
		v := d.Value(int32(i))
		if len(v) < common {
			common = len(v)
		}
		if v[:common] != first[:common] {
			same := 0
			for v[same] == first[same] {
				same++
			}
			common = same
		}
	}
	return common
}

// DictionaryBuilder gives each distinct string a code, in order of first
// appearance. Values of up to 8 bytes, which most keys are, are compared as one
// machine word that the table holds.
type DictionaryBuilder struct {
	Dictionary
	slots []dictionarySlot // open addressing; a power of two
	shift uint
	built *Dictionary
	Run   exec.Run // whose end stops what takes long here
	ended bool     // it has: codes mean nothing any more
	Rows  int      // looked up so far, where who fills it counts them
	Full  bool     // the 2 GiB that Arrow's 4-byte offsets reach are used up
}

type dictionarySlot struct {
	word uint64 // the value itself up to 8 bytes, else of LongWord
	size uint32 // length + 1; 0: the slot is free
	code int32
}

var hashSeed = maphash.MakeSeed()

// wordSeed makes the order of slots unpredictable to the author of the data.
var wordSeed = maphash.String(hashSeed, "word") | 1

// NewDictionaryBuilder returns a builder without values.
func NewDictionaryBuilder() *DictionaryBuilder {
	b := &DictionaryBuilder{slots: make([]dictionarySlot, 1024), shift: 64 - 10}
	b.Offsets = append(make([]int32, 0, 512), 0)
	return b
}

// Build returns the dictionary so far. It stays as it is when more is added here: what
// is added comes after what it sees.
func (b *DictionaryBuilder) Build() *Dictionary {
	if b.built == nil || b.built.Len() < b.Len() {
		b.built = &Dictionary{Offsets: b.Offsets[:len(b.Offsets):len(b.Offsets)], Data: b.Data[:len(b.Data):len(b.Data)], Odd: b.Odd}
	}
	return b.built
}

// Add returns the code of a string, a new one if it is not there yet.
func (b *DictionaryBuilder) Add(s string) int32 {
	return b.AddBytes(unsafe.Slice(unsafe.StringData(s), len(s)))
}

// AddBytes is Add of bytes, which are copied.
func (b *DictionaryBuilder) AddBytes(v []byte) int32 {
	if len(v) > 8 {
		return b.Find(LongWord(v), v)
	}
	var p [8]byte
	copy(p[:], v)
	return b.Find(binary.LittleEndian.Uint64(p[:]), v)
}

// MixWord returns a hash of a machine word.
func MixWord(w uint64) uint64 {
	hi, lo := bits.Mul64(w^0x9e3779b97f4a7c15, wordSeed)
	return (hi ^ lo) * 0x9e3779b97f4a7c15
}

// LongWord returns the word of a value of more than 8 bytes: a hash, which up to 16 bytes tells the
// first 8 to whom the last 8 are known.
func LongWord(v []byte) uint64 {
	if len(v) <= 16 {
		return binary.LittleEndian.Uint64(v) ^ MixWord(lastWord(v))
	}
	return maphash.Bytes(hashSeed, v)
}

// lastWord returns the last 8 bytes of v.
func lastWord(v []byte) uint64 { return binary.LittleEndian.Uint64(v[len(v)-8:]) }

// same reports whether v, of more than 8 bytes, is the value of a code, of which it has the word and the size.
func (d *Dictionary) same(v []byte, code int32) bool {
	if len(v) <= 16 {
		return lastWord(v) == binary.LittleEndian.Uint64(d.Data[d.Offsets[code+1]-8:])
	}
	return string(v) == d.Value(code)
}

// Find gives the code of v, whose word is given: v itself, zero-padded, up to
// 8 bytes, that of [LongWord] beyond.
func (b *DictionaryBuilder) Find(word uint64, v []byte) int32 {
	size := uint32(len(v)) + 1
	slots := b.slots
	mask := len(slots) - 1
	for i := int(MixWord(word) >> b.shift); ; i++ {
		s := &slots[i&mask]
		if s.word == word && s.size == size {
			if size <= 9 || b.same(v, s.code) {
				return s.code
			}
		}
		if s.size == 0 {
			return b.insert(s, word, v)
		}
	}
}

func (b *DictionaryBuilder) insert(s *dictionarySlot, word uint64, v []byte) int32 {
	if b.ended {
		return 0
	}
	if len(b.Data)+len(v) > math.MaxInt32 {
		b.Full = true
		return 0
	}
	b.Odd = b.Odd || !utf8.Valid(v)
	code := int32(b.Len())
	b.Data = append(b.Data, v...)
	b.Offsets = append(b.Offsets, int32(len(b.Data)))
	*s = dictionarySlot{word: word, size: uint32(len(v)) + 1, code: code}
	if b.Len()*3 > len(b.slots)*2 {
		b.grow()
	}
	return code
}

// Diverse reports whether the rows looked up so far say that a dictionary costs more than it saves: of
// values of which not one in four has come twice there are several times as many as rows so far.
func (b *DictionaryBuilder) Diverse() bool {
	n := b.Len()
	return n > DiverseFrom && n > b.Rows/DiverseShare || n > diverseSoon && n > b.Rows/4*3
}

// LargeTable is from how many slots on a hash table looks whether its work is still wanted
// while it grows. When it is not, the table takes no more, so that it cannot fill up; who
// fills it learns of the end by a look of its own.
const LargeTable = 1 << 20

func (b *DictionaryBuilder) grow() {
	old := b.slots
	slots, shift := large.Zeroed[dictionarySlot](2*len(old)), b.shift-1
	mask := len(slots) - 1
	for k, s := range old {
		if k%exec.ChunkRows == 0 && len(old) >= LargeTable && b.Run.Cancelled() != nil {
			b.ended = true
			return
		}
		if s.size == 0 {
			continue
		}
		i := int(MixWord(s.word) >> shift)
		for slots[i&mask].size != 0 {
			i++
		}
		slots[i&mask] = s
	}
	b.slots, b.shift = slots, shift
}

// Absorb adds all values of d and gives the code here of each code there. It stops
// early where e is cancelled, which the caller sees by e.
func (b *DictionaryBuilder) Absorb(e exec.Run, d *Dictionary) []int32 {
	b.Run = e
	codes := make([]int32, d.Len())
	for i := range codes {
		if i%SortRun == 0 && e.Cancelled() != nil {
			return codes
		}
		codes[i] = b.Add(d.Value(int32(i)))
	}
	return codes
}

// Width returns how many bytes a value has, on average, rounded up.
func (d *Dictionary) Width() int { return len(d.Data)/max(1, d.Len()) + 1 }

// HasEmpty reports whether the empty string is a value.
func (d *Dictionary) HasEmpty() bool {
	for i, end := range d.Offsets[1:] {
		if end == d.Offsets[i] {
			return true
		}
	}
	return false
}

// NotUTF8 finds the first row whose value is not UTF-8, where the dictionary has such a value.
func (d *Dictionary) NotUTF8(e exec.Run, codes []int32, valid []byte) (row int, text string, found bool) {
	if !d.Odd {
		return 0, "", false
	}
	for row, code := range codes {
		if row%exec.ChunkRows == 0 && e.Cancelled() != nil {
			break // the caller sees it too
		}
		if int(code) >= d.Len() || valid != nil && Presence(valid, row) == 0 {
			continue
		}
		if text := d.Value(code); !utf8.ValidString(text) {
			return row, text, true
		}
	}
	return 0, "", false
}

// CheckText refuses strings that are not UTF-8, which all strings of tables are.
func (c *Column) CheckText(e exec.Run) error {
	if c.Kind != String {
		return nil
	}
	find := func() (int, string, bool) { return c.Dict.NotUTF8(e, c.Codes, c.Valid) }
	if c.Plain != nil {
		find = func() (int, string, bool) { return c.Plain.NotUTF8(e, c) }
	}
	if row, text, found := find(); found {
		return fmt.Errorf("column %q, row %d: %.40q is not UTF-8: %s", c.Name, row+1, text, LeaveOut(c.Name))
	}
	return e.Cancelled()
}

// AsString returns bytes, which must not change afterwards, as a string.
func AsString(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
