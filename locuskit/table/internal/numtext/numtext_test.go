package numtext

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

func TestNumbersAsFilesWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"0": "int 0, float 0", "-0": "float -0", "": "", "-": "", "+-1": "", "--1": "", " 1": "int 1, float 1", "1\t": "int 1, float 1", " ": "", "1 1": "",
		"+5": "", "+1.5": "", "00012": "", "-01": "", "00.5": "", "-007.5": "", "+inf": "", "0.50": "float 0.5", "1e+05": "float 1e5",
		"9223372036854775807": "int 9223372036854775807", "9223372036854775808": "", "-9223372036854775808": "int -9223372036854775808",
		"9007199254740992": "int 9007199254740992, float 9007199254740992", "9007199254740993": "int 9007199254740993", "-9007199254740993": "int -9007199254740993",
		"18446744073709551615": "", "18446744073709552000": "float 18446744073709552000", "100000000000000000000": "float 1e20", "99999999999999999999": "",
		".5": "float 0.5", "5.": "float 5", "-.5e-3": "float -0.0005", "1e5": "float 100000", "1e999": "float +Inf", "-1e999": "float -Inf", "5e-324": "float 5e-324", "1.2.3": "",
		"NaN": "float NaN", "-nan": "float NaN", "inf": "float +Inf", "-Infinity": "float -Inf", "1_000": "", "0x10": "", "0x1p4": "", "1,5": "", "true": "", "-nao": "",
	} {
		got := ""
		if v, ok := ParseInt([]byte(text)); ok {
			got = fmt.Sprint("int ", v)
		}
		if v, ok := ParseFloat([]byte(text)); ok {
			if got != "" {
				got += ", "
			}
			got += fmt.Sprint("float ", v)
		}
		if got != shown(want) {
			t.Errorf("%q is %q, want %q", text, got, shown(want))
		}
	}
}

// TestOfWhomKnowsThatItIsANumber reads what the others refuse.
func TestOfWhomKnowsThatItIsANumber(t *testing.T) {
	for text, want := range map[string]string{
		"+5": "5 5", "00012": "12 12", " -01 ": "-1 -1", "18446744073709551615": "1.8446744073709552e+19", "1_0": "", "x": "", "+1.5": "1.5",
	} {
		var got []string
		if v, ok := ReadInt([]byte(text)); ok {
			got = append(got, fmt.Sprint(v))
		}
		if v, ok := ReadFloat([]byte(text)); ok {
			got = append(got, fmt.Sprint(v))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// shown is want with its float as fmt prints it.
func shown(want string) string {
	var i int64
	var f float64
	if n, _ := fmt.Sscanf(want, "int %d, float %g", &i, &f); n == 2 {
		return fmt.Sprint("int ", i, ", float ", f)
	}
	if n, _ := fmt.Sscanf(want, "float %g", &f); n == 1 {
		return fmt.Sprint("float ", f)
	}
	return want
}

func TestDecimalsAreTheNearestFloats(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 100_000 {
		text := strconv.FormatFloat(r.NormFloat64()*math.Pow(10, float64(r.IntN(12))), 'f', r.IntN(9), 64)
		want, err := strconv.ParseFloat(text, 64)
		got, ok := ParseFloat([]byte(text))
		if err != nil || !ok || math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("%s is %v, want %v", text, got, want)
		}
	}
}

// TestFractionsOfManyDigitsAreTheNearestFloats holds fractions of 16 to 19 digits, among them those next to the middle
// between two floats, against the standard library.
func TestFractionsOfManyDigitsAreTheNearestFloats(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	for n := range 300_000 {
		m := r.Uint64() >> r.IntN(14)
		if n%3 == 0 { // near a middle: odd multiples of half a float's distance, cut to a whole number
			m = (r.Uint64()>>11<<1 | 1) << r.IntN(10)
			m += uint64(r.IntN(3)) - 1
		}
		text := strconv.FormatUint(m, 10)
		if len(text) > 19 {
			text = text[:19]
		}
		at := r.IntN(len(text))
		text = text[:at] + "." + text[at:]
		if strings.HasPrefix(text, "0") && !strings.HasPrefix(text, "0.") {
			continue
		}
		want, err := strconv.ParseFloat(text, 64)
		got, ok := ParseDecimal([]byte(text))
		if err != nil || !ok || math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("%s is %v %v, want %v", text, got, ok, want)
		}
	}
}

func TestTruthValues(t *testing.T) {
	for text, want := range map[string]string{"true": "true", "TRUE": "true", "True": "true", "false": "false", "False": "false", "t": "", "1": "", "tRUE": ""} {
		got := ""
		if v, ok := ParseBool([]byte(text)); ok {
			got = fmt.Sprint(v)
		}
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// TestDecimalsAgreeWithTheStandardLibrary also has what is nearly a number, at every place of its text.
func TestDecimalsAgreeWithTheStandardLibrary(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	const odd = "0123456789.-+e/:\x00\x30\xb0\xff "
	for range 500_000 {
		whole, part := r.IntN(12), r.IntN(24)
		text := make([]byte, 0, 40)
		if r.IntN(4) == 0 {
			text = append(text, '-')
		}
		for range whole {
			text = append(text, '0'+byte(r.IntN(10)))
		}
		if r.IntN(8) > 0 {
			text = append(text, '.')
		}
		for range part {
			text = append(text, '0'+byte(r.IntN(10)))
		}
		if len(text) > 0 && r.IntN(4) == 0 {
			text[r.IntN(len(text))] = odd[r.IntN(len(odd))]
		}
		got, ok := ParseDecimal(text)
		if !ok {
			continue // left to the standard library
		}
		want, err := strconv.ParseFloat(string(text), 64)
		if err != nil || math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("%q is %v, want %v %v", text, got, want, err)
		}
	}
	for _, text := range []string{"0.12345678", "0.123456789012345", "1.2345678901234567", "123.12345678901234", "-0.00000000000000001"} {
		if _, ok := ParseDecimal([]byte(text)); !ok {
			t.Errorf("%s is left to the standard library", text)
		}
	}
}
