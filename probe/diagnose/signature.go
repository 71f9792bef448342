package diagnose

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// A signature recognises who wrote an answer. All parts that are given must be
// there; header and body are matched without regard to letter case.
type signature struct {
	name   string
	status []int // any, where empty
	header string
	value  string // part of the header's value
	body   string // part of the body
	// says is what to do about it, for platforms.
	says string
}

func (g signature) matches(r *fetch.Response, text string) bool {
	if len(g.status) > 0 {
		found := false
		for _, status := range g.status {
			found = found || status == r.Status
		}
		if !found {
			return false
		}
	}
	if g.header != "" {
		value, ok := r.Get(g.header)
		if !ok || !containsFold(value, g.value) {
			return false
		}
	}
	return g.body == "" || containsFold(text, g.body)
}

func containsFold(s, part string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(part))
}

func firstMatch(list []signature, r *fetch.Response, text string) (signature, bool) {
	for _, g := range list {
		if g.matches(r, text) {
			return g, true
		}
	}
	return signature{}, false
}

// buckets are the answers of object stores.
var buckets = []signature{
	{name: "Amazon S3", header: "Server", value: "AmazonS3"},
	{name: "Azure Blob Storage", header: "Server", value: "Blob"},
	{name: "Azure Blob Storage", header: "x-ms-version", body: "<Error><Code>"},
	{name: "Azure Blob Storage", body: "<Code>CorsPreflightFailure</Code>"},
	{name: "Google Cloud Storage", header: "x-guploader-uploadid"},
	{name: "Google Cloud Storage", header: "x-goog-hash"},
	{name: "Google Cloud Storage", header: "x-goog-storage-class"},
	{name: "MinIO", header: "Server", value: "MinIO"},
	{name: "a Ceph object store", header: "x-rgw-object-type"},
	{name: "Alibaba Cloud OSS", header: "x-oss-request-id"},
	{name: "Tencent Cloud COS", header: "x-cos-request-id"},
	{name: "Huawei Cloud OBS", header: "x-obs-request-id"},
	{name: "Backblaze B2", header: "x-bz-file-id"},
	{name: "Backblaze B2", header: "x-bz-content-sha1"},
	{name: "Cloudflare R2", header: "Server", value: "cloudflare", body: "<Error><Code>"},
	{name: "an S3-compatible store", header: "x-amz-request-id"},
	{name: "an S3-compatible store", body: "CORSResponse: "},
	{name: "an S3-compatible store", body: "CORS is not enabled for this bucket"},
	{name: "an object store", body: "<HostId>"},
	{name: "an object store", body: "<Error><Code>AccessForbidden</Code>"},
	{name: "an object store", body: "<Error><Code>AccessDenied</Code>"},
	{name: "an object store", body: "<Error><Code>SignatureDoesNotMatch</Code>"},
	{name: "an object store", body: "<Error><Code>NoSuchKey</Code>"},
}

// fromBucket: an object store answered, and no rule of it matched.
func (s *subject) fromBucket() bool {
	if !s.answered() || !s.lacksOrigin() || s.status() >= 500 {
		return false
	}
	_, ok := s.bucket()
	return ok
}

// bucketHosts are the ends of object stores' own host names.
var bucketHosts = []struct{ suffix, name string }{
	{".amazonaws.com", "Amazon S3"}, {".r2.dev", "Cloudflare R2"}, {".r2.cloudflarestorage.com", "Cloudflare R2"},
	{"storage.googleapis.com", "Google Cloud Storage"}, {".blob.core.windows.net", "Azure Blob Storage"},
	{".digitaloceanspaces.com", "DigitalOcean Spaces"}, {".aliyuncs.com", "Alibaba Cloud OSS"}, {".myqcloud.com", "Tencent Cloud COS"}, {".backblazeb2.com", "Backblaze B2"}, {".wasabisys.com", "Wasabi"},
}

// bucket names the object store that answered: by its answer, or by its host.
func (s *subject) bucket() (string, bool) {
	if store, ok := firstMatch(buckets, s.at.Response, flat(s.text())); ok {
		return store.name, true
	}
	host := s.here().Host
	for _, h := range bucketHosts {
		if strings.HasSuffix(host, h.suffix) && (h.suffix != ".amazonaws.com" || strings.HasPrefix(host, "s3") || strings.Contains(host, ".s3")) {
			return h.name, true
		}
	}
	return "", false
}

// flat removes the white space between XML elements.
var betweenElements = regexp.MustCompile(`>\s+<`)

func flat(text string) string { return betweenElements.ReplaceAllString(text, "><") }

var errorCode = regexp.MustCompile(`<Code>([A-Za-z]+)</Code>`)

func bucketCause(_ context.Context, s *subject) []finding.Finding {
	store, _ := s.bucket()
	s.learnHere()
	s.learn("the answer comes from " + store)
	detail := fmt.Sprintf("%s answered %d without CORS headers: no rule of the bucket allows %s for %s.", upperFirst(store), s.status(), s.wanted(), s.origin())
	if m := errorCode.FindStringSubmatch(s.text()); m != nil {
		s.learn("the code in its body is " + m[1])
		switch m[1] {
		case "SignatureDoesNotMatch":
			detail += " Its error is SignatureDoesNotMatch: the signed URL was made for another method or other headers, which is a second fault."
		case "AccessDenied", "NoSuchKey", "NoSuchBucket", "ExpiredToken":
			detail += fmt.Sprintf(" Its error is %s, which a rule would let the page see.", m[1])
		}
	}
	return s.conclude(finding.BucketRuleMissing, true, detail)
}

// wanted is the method and the headers that permission is needed for.
func (s *subject) wanted() string {
	method := s.res.Request.Method
	if s.at != nil && !s.preflight() {
		method = s.at.Message.Method
	}
	if names := s.unsafeNames(); len(names) > 0 && s.preflight() {
		return method + " with " + strings.Join(names, ", ")
	}
	return method
}

var refusal = []int{401, 403}

// platforms are the answers of hosting platforms that refuse before any code of
// the user's runs.
var platforms = []signature{
	{name: "Cloud Run or Cloud Functions", status: refusal, body: "your client does not have permission to get url",
		says: "Let unauthenticated callers invoke the service, and check tokens in the code."},
	{name: "Cloud Run or Cloud Functions", status: refusal, header: "WWW-Authenticate", value: "the access token could not be verified",
		says: "Let unauthenticated callers invoke the service, and check tokens in the code."},
	{name: "Identity-Aware Proxy", status: refusal, body: "invalid iap credentials",
		says: "Let it pass OPTIONS: the access setting \"HTTP OPTIONS\"."},
	{name: "API Gateway", status: refusal, header: "x-amzn-errortype", value: "UnauthorizedException",
		says: "Give the resource an OPTIONS method with authorization NONE."},
	{name: "API Gateway", status: refusal, header: "x-amzn-errortype", value: "AccessDeniedException",
		says: "Give the resource an OPTIONS method with authorization NONE."},
	{name: "API Gateway", status: refusal, header: "x-amzn-errortype", value: "ForbiddenException",
		says: "Give the resource an OPTIONS method without an API key and without an authorizer."},
	{name: "API Gateway", status: refusal, header: "x-amz-apigw-id", body: "\"message\":\"unauthorized\"",
		says: "Give the resource an OPTIONS method with authorization NONE."},
	{name: "API Gateway", status: refusal, header: "x-amz-apigw-id", body: "\"message\":\"forbidden\"",
		says: "Give the resource an OPTIONS method without an API key and without an authorizer."},
	{name: "API Gateway", status: refusal, header: "apigw-requestid", body: "{\"message\":\"unauthorized\"}",
		says: "Set the CORS configuration of the HTTP API: it then answers OPTIONS before the authorizer."},
	{name: "API Gateway", status: refusal, header: "apigw-requestid", body: "{\"message\":\"forbidden\"}",
		says: "Set the CORS configuration of the HTTP API: it then answers OPTIONS before the authorizer."},
	{name: "a Lambda function URL", status: refusal, header: "x-amzn-requestid", body: "\"message\":\"forbidden",
		says: "Set the function URL's CORS configuration, and its auth type to NONE if the page has no AWS signature."},
	{name: "AWS WAF", status: refusal, header: "x-amzn-waf-action", says: "Add a rule that lets OPTIONS pass."},
	{name: "Azure App Service authentication", status: refusal, header: "x-ms-middleware-request-id",
		says: "Exclude OPTIONS or the API's path from it, or set CORS in the App Service itself."},
	{name: "Azure App Service authentication", status: refusal, header: "WWW-Authenticate", value: "azurewebsites.net",
		says: "Exclude OPTIONS or the API's path from it, or set CORS in the App Service itself."},
	{name: "Azure API Management", status: refusal, body: "missing subscription key",
		says: "Put the cors policy into the inbound section: it answers OPTIONS before the key is asked for."},
	{name: "Vercel Deployment Protection", status: refusal, header: "Set-Cookie", value: "_vercel_sso_nonce",
		says: "Exempt this deployment, or OPTIONS, from Deployment Protection."},
	{name: "Vercel Deployment Protection", status: refusal, header: "x-vercel-id", body: "authentication required",
		says: "Exempt this deployment, or OPTIONS, from Deployment Protection."},
	{name: "Netlify password protection", status: refusal, header: "x-nf-request-id", body: "password",
		says: "Switch off the site's password for the API, or serve it from another site."},
	{name: "Supabase", status: refusal, body: "error: missing authorization header",
		says: "Answer OPTIONS first in the function, with verify_jwt = false, and check the token in the code."},
	{name: "Supabase", status: refusal, header: "sb-gateway-version", body: "\"message\":\"",
		says: "Answer OPTIONS first in the function, with verify_jwt = false, and check the token in the code."},
	{name: "Supabase", status: refusal, body: "\"message\":\"missing authorization header\"",
		says: "Answer OPTIONS first in the function, with verify_jwt = false, and check the token in the code."},
	{name: "Cloudflare's challenge", status: refusal, header: "cf-mitigated", value: "challenge",
		says: "Exempt the API's path from the challenge: a page cannot solve it in a fetch."},
	{name: "Cloudflare Access", status: refusal, header: "cf-access-domain",
		says: "Switch on \"Bypass OPTIONS requests to origin\" for the application."},
	{name: "Cloudflare Access", status: refusal, body: "cloudflare access",
		says: "Switch on \"Bypass OPTIONS requests to origin\" for the application."},
}

// interstitials are pages that a tunnel shows in place of the answer, whatever
// the status.
var interstitials = []signature{
	{name: "ngrok's warning page", header: "ngrok-error-code", value: "ERR_NGROK_6024",
		says: "Send the header ngrok-skip-browser-warning with every request, and allow it in Access-Control-Allow-Headers."},
	{name: "localtunnel's reminder page", status: []int{511}, body: "loca.lt",
		says: "Send the header bypass-tunnel-reminder with every request, and allow it in Access-Control-Allow-Headers."},
}

// platform recognises a platform that answered in place of the user's code.
func (s *subject) platform() (signature, bool) {
	for _, list := range [][]signature{platforms, interstitials} {
		if g, ok := firstMatch(list, s.at.Response, tight(s.text())); ok {
			return g, true
		}
	}
	return signature{}, false
}

// noSuchMethod is how API Gateway says that a resource has no OPTIONS method.
var noSuchMethod = signature{status: []int{403}, body: "\"message\":\"missing authentication token\""}

// fromPlatform: the platform refused before the user's code ran.
func (s *subject) fromPlatform() bool {
	if !s.answered() || !s.failsOrigin() && !s.breaks(fetch.RulePreflightStatus) {
		return false
	}
	_, ok := s.platform()
	return ok && !noSuchMethod.matches(s.at.Response, tight(s.text()))
}

// tight removes the white space that JSON may have around its colons.
func tight(text string) string {
	return strings.NewReplacer(`" : "`, `":"`, `": "`, `":"`, `" :"`, `":"`).Replace(text)
}

func platformCause(_ context.Context, s *subject) []finding.Finding {
	platform, _ := s.platform()
	s.learnHere()
	s.learn("the answer is that of " + platform.name + s.startOfBody())
	return s.conclude(finding.PlatformAuth, true,
		fmt.Sprintf("%s answered %s with %d before your code ran. %s", upperFirst(platform.name), strings.ToLower(s.what()), s.status(), platform.says))
}

// startOfBody quotes the beginning of the answer's text, in one line.
func (s *subject) startOfBody() string {
	if text := start(s.text()); text != "" {
		return ": " + text
	}
	return ""
}

const startLength = 200

var isHTML = regexp.MustCompile(`(?i)^\s*<(!doctype html|html|head|body|title|h[1-6]|p|pre|div|center)\b`)

var (
	markup = regexp.MustCompile(`(?is)<(script|style)\b.*?</(script|style)>|<[^>]*>`)
	titles = regexp.MustCompile(`(?is)<title\b.*?</title>`) // which most pages repeat
)

// start is what a person sees first of a body: without markup, in one line.
func start(text string) string {
	if isHTML.MatchString(text) {
		page := markup.ReplaceAllString(titles.ReplaceAllString(text, ""), " ")
		if strings.TrimSpace(page) == "" {
			page = markup.ReplaceAllString(text, " ")
		}
		text = page
	}
	text = strings.Join(strings.Fields(text), " ")
	runes, end := []rune(text), ""
	if len(runes) > startLength {
		runes, end = runes[:startLength], "…"
	}
	if !mostlyPrintable(runes) {
		return ""
	}
	return string(runes) + end
}

// mostlyPrintable tells text from an image or an archive, which says nothing to
// a person.
func mostlyPrintable(text []rune) bool {
	other := 0
	for _, r := range text {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			other++
		}
	}
	return other*10 <= len(text)
}
