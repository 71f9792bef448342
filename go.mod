module github.com/corscheck/corscheck

go 1.26
