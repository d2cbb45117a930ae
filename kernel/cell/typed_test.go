package cell

import "testing"

func TestTypedPosition(t *testing.T) {
	const typed = "é := 1\nf(_, Out[1], _ + 1, nowhere)\nlast"
	c := Split("é := 1\nf(_12, _1, _12 + 1, nowhere)\nlast")
	c.SetReplaced([]Replacement{{10, 13, "_"}, {15, 17, "Out[1]"}, {19, 22, "_"}})
	for place, want := range map[[2]int][2]int{
		{1, 1}: {1, 1}, {2, 1}: {2, 1}, {2, 3}: {2, 3}, {2, 5}: {2, 3}, {2, 6}: {2, 4},
		{2, 8}: {2, 6}, {2, 10}: {2, 12}, {2, 12}: {2, 14}, {2, 21}: {2, 21}, {3, 2}: {3, 2},
	} {
		if line, column := c.TypedPosition(place[0], place[1]); [2]int{line, column} != want {
			t.Errorf("%v is typed at %d:%d, want %v", place, line, column, want)
		}
	}
	if got := c.TypedLine(2); got != "f(_, Out[1], _ + 1, nowhere)" || c.typed != typed {
		t.Errorf("%q", got)
	}
	plain := Split("a\nb")
	if line, column := plain.TypedPosition(2, 1); line != 2 || column != 1 || plain.TypedLine(2) != "b" || plain.TypedLine(3) != "" {
		t.Errorf("%d:%d %q", line, column, plain.TypedLine(2))
	}
}
