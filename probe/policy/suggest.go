package policy

import (
	"slices"
	"strings"
)

// suggest is the end of a message about an unknown word: the known word that
// was probably meant, or all of them.
func suggest(word string, known []string) string {
	best, distance := "", 3
	for _, k := range known {
		if d := editDistance(strings.ToLower(word), k); d < distance && d < len(k) {
			best, distance = k, d
		}
	}
	if best != "" {
		return "; did you mean " + quote(best) + "?"
	}
	return "; known are " + oneOf(known, "and")
}

// oneOf joins words as "a, b or c".
func oneOf(words []string, conjunction string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " " + conjunction + " " + words[last]
}

// editDistance is the number of characters to insert, delete, replace or swap
// with their neighbour to make b of a.
func editDistance(a, b string) int {
	s, t := []rune(a), []rune(b)
	if len(s) > 64 || len(t) > 64 {
		return max(len(s), len(t)) // no typing mistake, and not worth the square
	}
	var before []int
	row := make([]int, len(t)+1)
	for j := range row {
		row[j] = j
	}
	for i := range s {
		next := make([]int, len(t)+1)
		next[0] = i + 1
		for j := range t {
			cost := 1
			if s[i] == t[j] {
				cost = 0
			}
			next[j+1] = min(row[j+1]+1, next[j]+1, row[j]+cost)
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(t)]
}

func contains(words []string, word string) bool { return slices.Contains(words, word) }
