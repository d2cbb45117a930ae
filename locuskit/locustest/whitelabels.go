package locustest

import "fmt"

// Whitelabel is one entry of the answer to GET /whitelabels.
type Whitelabel struct {
	ID      int    `json:"whitelabelid"`
	Company string `json:"company"`
}

// lessonWhitelabels is how many whitelabels the tutorial's figures are
// calibrated for.
const lessonWhitelabels = 120

// firstCompanies are the ones that the tutorial shows.
var firstCompanies = []string{
	"Atom", "AdLoop", "Advantex", "WL TEST", "Hydropool",
	"Gourmet", "CHR", "FreeMedia", "Metroland", "Ocono",
}

// The other companies are invented: each place with each trade.
var (
	places = []string{"Maple", "Harbour", "North", "Cedar", "Summit", "Lakeside", "Prairie", "Aurora", "Beacon", "Granite", "Willow"}
	trades = []string{"Outfitters", "Foods", "Motors", "Media", "Health", "Homes", "Travel", "Credit", "Books", "Energy"}
)

// company names whitelabel id; ids beyond the lesson's are numbered.
func company(id int) string {
	if id <= len(firstCompanies) {
		return firstCompanies[id-1]
	}
	i := id - len(firstCompanies) - 1
	if i >= len(places)*len(trades) {
		return fmt.Sprintf("Company %d", id)
	}
	return places[i%len(places)] + " " + trades[i/len(places)]
}

// whitelabels lists ids 1 to n.
func whitelabels(n int) []Whitelabel {
	list := make([]Whitelabel, n)
	for i := range list {
		list[i] = Whitelabel{ID: i + 1, Company: company(i + 1)}
	}
	return list
}
