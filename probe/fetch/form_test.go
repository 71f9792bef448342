package fetch

import "testing"

func TestIsSVG(t *testing.T) {
	for content, want := range map[string]bool{
		`<svg xmlns="http://www.w3.org/2000/svg"/>`: true,
		"\ufeff<?xml version='1.0' encoding='ISO-8859-1'?>\n<!-- \xe9 --><s:svg xmlns:s='http://www.w3.org/2000/svg' width='1'>": true,
		`<!DOCTYPE svg [<!ENTITY ns "http://www.w3.org/2000/svg">]><svg xmlns="&ns;">`:                                           true,
		`<svg/>`: false,
		`<html><svg xmlns="http://www.w3.org/2000/svg"/></html>`: false,
		`hello`:             false,
		``:                  false,
		"\x89PNG\r\n\x1a\n": false,
	} {
		if got := isSVG([]byte(content)); got != want {
			t.Errorf("%q: %v", content, got)
		}
	}
}

func TestIsPicture(t *testing.T) {
	const rest = "0123456789012345678901"
	for content, want := range map[string]bool{
		"GIF89a" + rest: true, "\x89PNG\r\n\x1a\n" + rest: true, "\xff\xd8\xff" + rest: true, "BM" + rest: true,
		"RIFF1234WEBPVP8 " + rest: true, "\x00\x00\x01\x00" + rest: true, "\x00\x00\x00\x1cftypavif" + rest: true,
		"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00avif" + rest: true, "\x00\x00\x00\x1cftypisom" + rest: false, "\xff\x0a" + rest: true,
		"\x00\x00\x00\x0cJXL " + rest: true, "GIF89a": false, "<html>" + rest: false, "%PDF-1.7" + rest: false, "": false,
	} {
		if got := isPicture([]byte(content)); got != want {
			t.Errorf("%q: %v", content, got)
		}
	}
}
