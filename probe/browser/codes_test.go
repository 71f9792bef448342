package browser_test

import (
	"testing"

	"github.com/chromedp/cdproto/network"

	"github.com/corscheck/corscheck/probe/browser/scenario"
	"github.com/corscheck/corscheck/probe/fetch"
)

// corsErrors are DevTools' Network.CorsError.
var corsErrors = []network.CorsError{
	network.CorsErrorDisallowedByMode,
	network.CorsErrorInvalidResponse,
	network.CorsErrorWildcardOriginNotAllowed,
	network.CorsErrorMissingAllowOriginHeader,
	network.CorsErrorMultipleAllowOriginValues,
	network.CorsErrorInvalidAllowOriginValue,
	network.CorsErrorAllowOriginMismatch,
	network.CorsErrorInvalidAllowCredentials,
	network.CorsErrorCorsDisabledScheme,
	network.CorsErrorPreflightInvalidStatus,
	network.CorsErrorPreflightDisallowedRedirect,
	network.CorsErrorPreflightWildcardOriginNotAllowed,
	network.CorsErrorPreflightMissingAllowOriginHeader,
	network.CorsErrorPreflightMultipleAllowOriginValues,
	network.CorsErrorPreflightInvalidAllowOriginValue,
	network.CorsErrorPreflightAllowOriginMismatch,
	network.CorsErrorPreflightInvalidAllowCredentials,
	network.CorsErrorPreflightMissingAllowExternal,
	network.CorsErrorPreflightInvalidAllowExternal,
	network.CorsErrorInvalidAllowMethodsPreflightResponse,
	network.CorsErrorInvalidAllowHeadersPreflightResponse,
	network.CorsErrorMethodDisallowedByPreflightResponse,
	network.CorsErrorHeaderDisallowedByPreflightResponse,
	network.CorsErrorRedirectContainsCredentials,
	network.CorsErrorInsecureLocalNetwork,
	network.CorsErrorInvalidLocalNetworkAccess,
	network.CorsErrorNoCorsRedirectModeNotFollow,
	network.CorsErrorLocalNetworkAccessPermissionDenied,
}

// corsCategories are the categories of Firefox's console that begin with CORS, without
// its warnings.
var corsCategories = []string{
	"CORSDisabled", "CORSDidNotSucceed2", "CORSOriginHeaderNotAdded", "CORSExternalRedirectNotAllowed", "CORSRequestNotHttp",
	"CORSMissingAllowOrigin2", "CORSMultipleAllowOriginNotAllowed", "CORSAllowOriginNotMatchingOrigin", "CORSNotSupportingCredentials",
	"CORSMissingAllowCredentials", "CORSPreflightDidNotSucceed3", "CORSInvalidAllowMethod", "CORSInvalidAllowHeader",
	"CORSMethodNotFound", "CORSMissingAllowHeaderFromPreflight2",
}

// TestEveryCodeIsReached: each code that a browser has is in a recording, or its
// profile says why no server can bring it about.
func TestEveryCodeIsReached(t *testing.T) {
	reached := map[string]map[string]string{} // by browser and code: a scenario
	for _, p := range fetch.Profiles() {
		reached[p.Name] = map[string]string{}
	}
	for _, sc := range recorded(t) {
		for browser, did := range sc.Browsers {
			reached[browser][did.Code] = sc.Scenario.ID
		}
	}
	all := map[*fetch.Profile][]string{fetch.Firefox: corsCategories}
	for _, code := range corsErrors {
		all[fetch.Chrome] = append(all[fetch.Chrome], string(code))
	}
	for p, codes := range all {
		for _, code := range codes {
			scenario, is := reached[p.Name][code]
			switch _, excused := p.Unreached[code]; {
			case is && excused:
				t.Errorf("%s: %s is said to be out of reach, and %s reaches it", p.Name, code, scenario)
			case !is && !excused:
				t.Errorf("%s: no recorded scenario reaches %s", p.Name, code)
			}
		}
	}
}

// recorded are all recorded scenarios.
func recorded(t *testing.T) []*scenario.Record {
	t.Helper()
	all, err := scenario.ReadFiles("../../testdata/verdicts/*.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	return all
}
