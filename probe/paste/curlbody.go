package paste

import (
	"fmt"
	"net/url"
	"strings"
)

// body collects data. Files are not read: what is in them does not matter to
// CORS, that there is a body may.
func (c *curlCommand) body(means curlOption, value string) {
	c.hasData = true
	file, isFile := strings.CutPrefix(value, "@")
	isFile = isFile && means != curlDataRaw && means != curlForm
	if isFile {
		c.note("the file %s is not read: the request is checked with an empty body", file)
		value = ""
	}
	switch means {
	case curlForm:
		c.form = append(c.form, value)
	case curlUpload:
		c.upload = true
	case curlJSON:
		c.json = true
		c.data = append(c.data, value)
	case curlDataURL:
		c.data = append(c.data, urlEncodeData(value))
	default:
		c.data = append(c.data, value)
	}
	c.secrets = append(c.secrets, value)
}

// urlEncodeData is --data-urlencode: "content", "=content" or "name=content".
func urlEncodeData(value string) string {
	name, content, named := strings.Cut(value, "=")
	if !named {
		return url.QueryEscape(value)
	}
	if name == "" {
		return url.QueryEscape(content)
	}
	return name + "=" + url.QueryEscape(content)
}

// addBody puts the data where curl puts it.
func (c *curlCommand) addBody(r *rawRequest) {
	joined := strings.Join(c.data, "&")
	if c.json {
		joined = strings.Join(c.data, "")
	}
	query := c.query
	if c.get && joined != "" {
		query = append(query[:len(query):len(query)], joined)
	}
	if len(query) > 0 {
		r.url = addQuery(r.url, strings.Join(query, "&"))
	}
	switch {
	case c.get || !c.hasData:
	case c.form != nil:
		r.body = []byte(formBody(c.form))
		r.defaultHeader("Content-Type", "multipart/form-data; boundary="+formBoundary)
	case c.upload:
		r.body = []byte(joined)
	case c.json:
		r.body = []byte(joined)
		r.defaultHeader("Content-Type", "application/json")
		r.defaultHeader("Accept", "application/json")
	default:
		r.body = []byte(joined)
		r.defaultHeader("Content-Type", "application/x-www-form-urlencoded")
	}
	if r.method != "" {
		return
	}
	switch {
	case c.head:
		r.method = "HEAD"
	case c.upload:
		r.method = "PUT"
	case r.body != nil:
		r.method = "POST"
	default:
		r.method = "GET"
	}
}

func addQuery(u, query string) string {
	u, fragment, has := strings.Cut(u, "#")
	separator := "?"
	if strings.Contains(u, "?") {
		separator = "&"
	}
	u += separator + query
	if has {
		u += "#" + fragment
	}
	return u
}

const formBoundary = "----corscheck"

// formBody is a multipart body of the fields as they were typed; files are not
// read.
func formBody(fields []string) string {
	var b strings.Builder
	for _, f := range fields {
		name, value, _ := strings.Cut(f, "=")
		if strings.HasPrefix(value, "@") || strings.HasPrefix(value, "<") {
			value = ""
		}
		fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", formBoundary, name, value)
	}
	return b.String() + "--" + formBoundary + "--\r\n"
}
