package goobj

// The layout of an object: a header with the offsets of its blocks, then the blocks,
// each an array of records of one size.

const magic = "\x00go120ld"

const (
	fingerprintAt = len(magic)
	flagsAt       = fingerprintAt + 8
	offsetsAt     = flagsAt + 4
	headerSize    = offsetsAt + 4*blocks
)

const (
	blockAutolib = iota
	blockPkgIndex
	blockFile
	blockSymdef
	blockHashed64def
	blockHasheddef
	blockNonpkgdef
	blockNonpkgref
	blockRefFlags
	blockHash64
	blockHash
	blockRelocIndex
	blockAuxIndex
	blockDataIndex
	blockReloc
	blockAux
	blockData
	_ // names of references, for tools
	blockEnd
	blocks
)

const (
	stringSize  = 8 // length and offset
	autolibSize = stringSize + 8
	symbolSize  = stringSize + 2 + 1 + 1 + 1 + 4 + 4
	hash64Size  = 8
	hashSize    = 16
	indexSize   = 4
	relocSize   = 4 + 1 + 2 + 8 + 8
	auxSize     = 1 + 8
)

// Package indices of references that stand for no imported package.
const (
	idxNone = 1<<31 - 1 - iota // symbols that bear no package's index, referred to by name
	idxHashed64
	idxHashed
	idxBuiltin
	idxSelf
)

const staticABI = 1<<16 - 1

// Flags of an object.
const (
	flagAssembly   = 1 << 2
	flagUnlinkable = 1 << 3
)

// Flags of a symbol, the second byte's shifted by eight.
const (
	flagDupOK    = 1 << 0
	flagTypelink = 1 << 2
	flagNoSplit  = 1 << 4
	flagGoType   = 1 << 6
	flagItab     = 1 << (8 + 1)
)
