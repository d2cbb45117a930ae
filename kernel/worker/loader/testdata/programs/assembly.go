package main

// Every kind of function in assembly: with both calling conventions, called across
// packages, with tables that need alignment, chosen by the processor's abilities.

import (
	"bytes"
	"compress/flate"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash/adler32"
	"hash/crc32"
	"hash/crc64"
	"hash/maphash"
	"io"
	"math"
	"math/big"
	"math/bits"
	"os"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/cespare/xxhash/v2"
	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/sys/cpu"
	"golang.org/x/sys/unix"
	"golang.org/x/term"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

func try[T any](v T, err error) T {
	if err != nil {
		fmt.Println("error:", err)
	}
	return v
}

func main() {
	text := bytes.Repeat([]byte("the quick brown fox jumps over the lazy dog. "), 300)
	fmt.Printf("%x\n%x\n%x\n%x\n%x\n", sha256.Sum256(text), sha512.Sum512(text), sha1.Sum(text), md5.Sum(text), sha3.Sum256(text))
	fmt.Println(crc32.ChecksumIEEE(text), crc32.Checksum(text, crc32.MakeTable(crc32.Castagnoli)), adler32.Checksum(text), crc64.Checksum(text, crc64.MakeTable(crc64.ECMA)), xxhash.Sum64(text))
	seed := maphash.MakeSeed()
	fmt.Println(maphash.Bytes(seed, text) == maphash.Bytes(seed, text))

	block := try(aes.NewCipher([]byte("0123456789abcdef")))
	gcm := try(cipher.NewGCM(block))
	sealed := gcm.Seal(nil, make([]byte, gcm.NonceSize()), text, nil)
	fmt.Printf("%x\n", sha256.Sum256(sealed))
	ctr := make([]byte, len(text))
	cipher.NewCTR(block, make([]byte, 16)).XORKeyStream(ctr, text)
	cbc := make([]byte, 1600)
	cipher.NewCBCEncrypter(block, make([]byte, 16)).CryptBlocks(cbc, text[:1600])
	fmt.Printf("%x %x\n", sha256.Sum256(ctr), sha256.Sum256(cbc))
	private := ed25519.NewKeyFromSeed([]byte("0123456789abcdef0123456789abcdef"))
	fmt.Println(hex.EncodeToString(ed25519.Sign(private, text))[:32], ed25519.Verify(private.Public().(ed25519.PublicKey), text, ed25519.Sign(private, text)))
	key := try(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	signature := try(ecdsa.SignASN1(rand.Reader, key, text[:32]))
	fmt.Println(ecdsa.VerifyASN1(&key.PublicKey, text[:32], signature))

	a := new(big.Int).Exp(big.NewInt(7), big.NewInt(3000), nil)
	fmt.Println(a.Mod(a, new(big.Int).Exp(big.NewInt(10), big.NewInt(30), nil)), new(big.Int).Sqrt(new(big.Int).Lsh(big.NewInt(3), 200)))
	fmt.Println(math.Floor(-2.5), math.Sqrt(2), math.FMA(2, 3, 4), math.Exp(1.5), math.Log(10), math.Hypot(3, 4), math.Trunc(2.7), bits.OnesCount64(12345), bits.Len(99))
	fmt.Println(bytes.IndexByte(text, 'z'), bytes.Count(text, []byte("o")), bytes.Compare(text, text[1:]), strings.Index(string(text), "lazy"), bytes.Equal(text[:45], text[45:90]), strings.LastIndex(string(text), "fox"))

	x := make([]float64, 1000)
	y := make([]float64, 1000)
	for i := range x {
		x[i], y[i] = math.Sin(float64(i)), math.Cos(float64(i)*1.5)
	}
	m, s := stat.MeanStdDev(x, nil)
	fmt.Println(m, s, stat.Correlation(x, y, nil), floats.Dot(x, y), floats.Sum(x), floats.Norm(x, 2), floats.Norm(x, 1))
	floats.AddScaled(x, 0.5, y)
	floats.Scale(3, x)
	fmt.Println(x[:3], floats.Distance(x, y, math.Inf(1)))
	p, q := mat.NewDense(20, 20, x[:400]), mat.NewDense(20, 20, y[:400])
	var r mat.Dense
	r.Mul(p, q)
	fmt.Println(mat.Sum(&r), mat.Trace(&r), try(0.0, r.Inverse(p)))
	fmt.Println(blas64.Dot(blas64.Vector{N: 100, Inc: 1, Data: x}, blas64.Vector{N: 100, Inc: 2, Data: y}), blas64.Asum(blas64.Vector{N: 50, Inc: 3, Data: x}))
	t := blas64.General{Rows: 10, Cols: 10, Stride: 10, Data: make([]float64, 100)}
	blas64.Gemm(blas.NoTrans, blas.Trans, 1.5, blas64.General{Rows: 10, Cols: 10, Stride: 10, Data: x[:100]}, blas64.General{Rows: 10, Cols: 10, Stride: 10, Data: y[:100]}, 0, t)
	fmt.Println(floats.Sum(t.Data))

	var packed bytes.Buffer
	w := try(zstd.NewWriter(&packed))
	w.Write(text)
	w.Close()
	d := try(zstd.NewReader(bytes.NewReader(packed.Bytes())))
	back := try(io.ReadAll(d))
	d.Close()
	fmt.Println(bytes.Equal(back, text), bytes.Equal(try(s2.Decode(nil, s2.Encode(nil, text))), text), len(s2.EncodeBest(nil, text)))
	packed.Reset()
	fw := try(flate.NewWriter(&packed, 6))
	fw.Write(text)
	fw.Close()
	fmt.Println(packed.Len())

	pid, _, _ := syscall.RawSyscall(syscall.SYS_GETPID, 0, 0, 0)
	pid2, _, _ := unix.RawSyscall(unix.SYS_GETPID, 0, 0, 0)
	pid3, _, _ := unix.Syscall(unix.SYS_GETPPID, 0, 0, 0)
	pid4, _ := unix.RawSyscallNoError(unix.SYS_GETPID, 0, 0, 0)
	fmt.Println(int(pid) == os.Getpid(), pid2 == pid, int(pid3) == os.Getppid(), pid4 == pid, unix.Getpid() == os.Getpid())
	var name unix.Utsname
	fmt.Println(unix.Uname(&name), unix.ByteSliceToString(name.Sysname[:]))
	fd := try(unix.MemfdCreate("x", 0))
	n := try(unix.Write(fd, text))
	back = make([]byte, 100)
	fmt.Println(n, try(unix.Pread(fd, back, 45)), string(back[:44]))
	_, err := unix.Mmap(fd, 0, 4096, unix.PROT_READ, unix.MAP_SHARED)
	fmt.Println(err, unix.Close(fd), unix.Close(fd), term.IsTerminal(-1), cpu.IsBigEndian)
	_, err = term.MakeRaw(-1)
	fmt.Println(err)
	var counter atomic.Int64
	counter.Add(5)
	fmt.Println(counter.CompareAndSwap(5, 7), counter.Load(), counter.Swap(9), counter.And(8))
}
