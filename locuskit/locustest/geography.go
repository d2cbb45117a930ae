package locustest

import (
	"fmt"
	"math"
	"strings"
)

// area is a forward sortation area: the first three characters of a postal
// code, which Canada Post gives to a town or a part of one. Its place is
// approximate, to a few kilometres; the codes within it are spread around it.
type area struct {
	name     string
	lat, lon float64
}

// areas are of southern Ontario, from Niagara to Georgian Bay.
var areas = []area{
	{"L0K", 44.70, -79.45}, {"L0S", 43.02, -79.20}, {"L4B", 43.85, -79.39}, {"L0J", 43.84, -79.64},
	{"L0G", 44.03, -79.75}, {"L0L", 44.55, -79.75}, {"M1B", 43.81, -79.19}, {"L6A", 43.86, -79.51},
	{"M1C", 43.78, -79.16}, {"M1E", 43.76, -79.19}, {"M1K", 43.73, -79.26}, {"M1P", 43.76, -79.27},
	{"M1V", 43.82, -79.28}, {"M2J", 43.78, -79.35}, {"M2N", 43.77, -79.41}, {"M3A", 43.75, -79.33},
	{"M4C", 43.69, -79.31}, {"M4Y", 43.67, -79.38}, {"M5V", 43.64, -79.39}, {"M6K", 43.64, -79.43},
	{"M8V", 43.61, -79.50}, {"M9V", 43.74, -79.58}, {"M9W", 43.71, -79.59}, {"L1S", 43.85, -79.02},
	{"L1V", 43.84, -79.09}, {"L1H", 43.89, -78.85}, {"L1N", 43.88, -78.94}, {"L3P", 43.88, -79.26},
	{"L3R", 43.85, -79.33}, {"L3T", 43.82, -79.40}, {"L3Y", 44.06, -79.46}, {"L4A", 43.97, -79.25},
	{"L4C", 43.87, -79.44}, {"L4G", 44.00, -79.47}, {"L4H", 43.83, -79.60}, {"L4J", 43.81, -79.45},
	{"L4K", 43.81, -79.51}, {"L4L", 43.79, -79.58}, {"L4M", 44.41, -79.68}, {"L4N", 44.36, -79.71},
	{"L4S", 43.89, -79.42}, {"L4T", 43.72, -79.64}, {"L5A", 43.59, -79.61}, {"L5B", 43.58, -79.64},
	{"L5M", 43.56, -79.72}, {"L6C", 43.89, -79.33}, {"L6E", 43.90, -79.26}, {"L6P", 43.77, -79.70},
	{"L6R", 43.75, -79.76}, {"L6S", 43.73, -79.73}, {"L6V", 43.70, -79.76}, {"L7A", 43.70, -79.82},
	{"L7E", 43.87, -79.73}, {"L9N", 44.11, -79.49}, {"L9P", 44.10, -79.13}, {"L9S", 44.30, -79.58},
	{"L2E", 43.11, -79.09}, {"L2R", 43.17, -79.25}, {"L8P", 43.25, -79.88}, {"N1G", 43.52, -80.23},
	{"N2L", 43.48, -80.53},
}

// unitLetters are the letters that Canada Post uses in the second half of a code.
const unitLetters = "ABCEGHJKLMNPRSTVWXYZ"

// code returns the k-th postal code of an area, of 2,000.
func (a area) code(k int) string {
	return fmt.Sprintf("%s%d%c%d", a.name, k/200%10, unitLetters[k/10%20], k%10)
}

// areaOf finds the area of a well-formed code of this geography.
func areaOf(code string) (area, bool) {
	if len(code) != 6 || code[3] < '0' || code[3] > '9' || !strings.Contains(unitLetters, code[4:5]) || code[5] < '0' || code[5] > '9' {
		return area{}, false
	}
	for _, a := range areas {
		if a.name == code[:3] {
			return a, true
		}
	}
	return area{}, false
}

// outline returns the boundary of a code: a closed ring of longitude and latitude,
// anticlockwise as RFC 7946 wants, about 200 m across in a town and 2 km in the country
// (second character 0), somewhere in its area.
func (a area) outline(code string) [][2]float64 {
	reach, radius := 1.5, 0.1 // km
	if a.name[1] == '0' {
		reach, radius = 8, 1
	}
	h := hash(code)
	far, turn := reach*math.Sqrt(unit(h)), 2*math.Pi*unit(mix(h))
	const kmPerDegree = 111.2
	east := kmPerDegree * math.Cos(a.lat*math.Pi/180)
	lat, lon := a.lat+far*math.Sin(turn)/kmPerDegree, a.lon+far*math.Cos(turn)/east
	const corners = 8
	ring := make([][2]float64, 0, corners+1)
	for i := range corners {
		r := radius * (0.8 + 0.4*unit(mix(h+uint64(i)+1)))
		angle := 2 * math.Pi * float64(i) / corners
		ring = append(ring, [2]float64{micro(lon + r*math.Cos(angle)/east), micro(lat + r*math.Sin(angle)/kmPerDegree)})
	}
	return append(ring, ring[0])
}

// hash turns a text into a number that looks random and is always the same.
func hash(text string) uint64 {
	var x uint64
	for _, b := range []byte(text) {
		x = mix(x ^ uint64(b))
	}
	return x
}

// unit maps a hash to [0, 1).
func unit(x uint64) float64 { return float64(x>>11) / (1 << 53) }

// micro rounds to six decimals, a tenth of a metre.
func micro(x float64) float64 { return math.Round(x*1e6) / 1e6 }
