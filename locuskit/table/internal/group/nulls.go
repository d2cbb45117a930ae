package group

import "locuslab/locuskit/table/internal/column"

// putNulls copies the groups of rows from and on, with other in place of those of nulls. It does
// so without a branch, which data would decide.
func putNulls(to, groups []int32, valid []byte, from int, other int32) {
	to = to[:len(groups)]
	i := 0
	if from&7 == 0 {
		for _, bits := range valid[from>>3:][:len(groups)>>3] {
			out, in, b := to[i:i+8:i+8], groups[i:i+8:i+8], int32(bits)
			out[0] = other ^ (other^in[0])&-(b&1)
			out[1] = other ^ (other^in[1])&-(b>>1&1)
			out[2] = other ^ (other^in[2])&-(b>>2&1)
			out[3] = other ^ (other^in[3])&-(b>>3&1)
			out[4] = other ^ (other^in[4])&-(b>>4&1)
			out[5] = other ^ (other^in[5])&-(b>>5&1)
			out[6] = other ^ (other^in[6])&-(b>>6&1)
			out[7] = other ^ (other^in[7])&-(b>>7&1)
			i += 8
		}
	}
	for ; i < len(groups); i++ {
		to[i] = other ^ (other^groups[i])&-int32(column.Presence(valid, from+i))
	}
}
