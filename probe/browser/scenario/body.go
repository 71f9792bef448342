package scenario

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// Payload is the body as it is sent: a body of {image} or {font} stands for the
// smallest file that every browser takes for one.
func (a *Answer) Payload() string {
	switch a.Body {
	case "{image}":
		return tinyImage
	case "{font}":
		return tinyFont
	}
	return a.Body
}

// tinyImage is a GIF of one pixel.
const tinyImage = "GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"

// tinyFont is a TrueType font with the tables that browsers demand and one
// empty glyph.
var tinyFont = func() string {
	tables := map[string][]byte{
		"OS/2": words(3, 500, 400, 5, 0, // version, average width, weight, width, embedding
			650, 600, 0, 75, 650, 600, 0, 350, 50, 250, 0, // subscript, superscript, strikeout, class
			0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x4e4f, 0x4e45, // panose, ranges, vendor
			0x40, 0x20, 0x20, 800, 0xff38, 0, 800, 200, 0, 1, 0, 0, 500, 700, 0, 0x20, 0),
		// one subtable, format 4, with the closing segment alone
		"cmap": words(0, 1, 3, 1, 0, 12, 4, 24, 0, 2, 2, 0, 0, 0xffff, 0, 0xffff, 1, 0),
		"glyf": words(0, 0),
		"head": words(1, 0, 1, 0, 0, 0, 0x5f0f, 0x3cf5, 0, 1000, // version, revision, sum, magic, flags, units
			0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0), // dates, box, style, size, direction, loca and glyf format
		"hhea": words(1, 0, 800, 0xff38, 0, 500, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1),
		"hmtx": words(500, 0),
		"loca": words(0, 0),
		"maxp": words(1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
		"name": words(0, 0, 6),
		"post": words(3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
	}
	return assemble(tables)
}()

func words(values ...uint16) []byte {
	var out []byte
	for _, v := range values {
		out = binary.BigEndian.AppendUint16(out, v)
	}
	return out
}

// assemble writes the font's directory and its tables.
// https://learn.microsoft.com/typography/opentype/spec/otff
func assemble(tables map[string][]byte) string {
	var tags []string
	for tag := range tables {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	n := uint16(len(tags))
	directory := append([]byte{0, 1, 0, 0}, words(n, 128, 3, n*16-128)...)
	offset := len(directory) + 16*len(tags)
	var data bytes.Buffer
	for _, tag := range tags {
		table := tables[tag]
		padded := append(slices.Clone(table), make([]byte, (4-len(table)%4)%4)...)
		var sum uint32
		for at := 0; at < len(padded); at += 4 {
			sum += binary.BigEndian.Uint32(padded[at:])
		}
		directory = append(directory, tag...)
		for _, v := range []uint32{sum, uint32(offset + data.Len()), uint32(len(table))} {
			directory = binary.BigEndian.AppendUint32(directory, v)
		}
		data.Write(padded)
	}
	return string(directory) + data.String()
}
