package locustest

import (
	"net/http"
	"strconv"
	"time"
)

const lessonReport = 2163

type frequency struct {
	Kind  string    `json:"date_range_type"`
	Range dateRange `json:"date_range"`
}

type dateRange struct {
	DateType int    `json:"date_type"` // 2 a week, 3 a month
	Start    string `json:"start_date"`
	End      string `json:"end_date"`
}

func january(kind string, dateType, first, last int) frequency {
	day := func(d int) string { return time.Date(2020, 1, d, 0, 0, 0, 0, time.UTC).Format(stampedLayout) }
	return frequency{kind, dateRange{dateType, day(first), day(last)}}
}

// lessonFrequencies are the tutorial's: the weeks of January 2020 and the month.
var lessonFrequencies = []frequency{
	january("week", 2, 1, 5), january("week", 2, 6, 12), january("week", 2, 13, 19),
	january("week", 2, 20, 26), january("week", 2, 27, 31), january("month", 3, 1, 31),
}

// report reads the report's number from the path, or answers that there is none.
func report(w http.ResponseWriter, r *http.Request) bool {
	n, err := strconv.Atoi(r.PathValue("report"))
	if err != nil || n != lessonReport {
		fail(w, http.StatusNotFound, "no report "+strconv.Quote(r.PathValue("report"))+"; the embedded service has "+strconv.Itoa(lessonReport))
		return false
	}
	return true
}

// listFrequencies answers GET /reports/{report}/aoi-frequencies.
func (s *service) listFrequencies(w http.ResponseWriter, r *http.Request) {
	if report(w, r) && s.wait(r, listLatency) {
		s.reply(w, r, lessonFrequencies)
	}
}
