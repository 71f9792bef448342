package fetch

// cookieDepartures are those from RFC 6265bis, and from what Chrome, which follows
// it, does with Partitioned.
var cookieDepartures = []departure{
	flag("LaxByDefault", "a cookie that says nothing about SameSite is not Lax: it goes to other sites as with None",
		func(p *Profile) *bool { return &p.LaxByDefault },
		proof{"firefox": "hosts: set-cookie app to far to far", "safari": "hosts: cookies GET app to far"}),
	flag("NoneNeedsSecure", "SameSite=None is accepted without Secure",
		func(p *Profile) *bool { return &p.NoneNeedsSecure }, proof{"safari": "hosts: cookies GET app to app"}),
	flag("SchemefulCookies", "to cookies, http and https of one domain are one site",
		func(p *Profile) *bool { return &p.SchemefulCookies },
		proof{"firefox": "hosts: cookies GET plain to app", "safari": "hosts: cookies GET plain to app"}),
	flag("SecureOnLoopback", "Secure cookies need https on localhost and 127.0.0.1, too",
		func(p *Profile) *bool { return &p.SecureOnLoopback }, proof{"safari": "hosts: cookies GET dev to dev"}),
	flag("KnowsPartitioned", "the attribute Partitioned means nothing",
		func(p *Profile) *bool { return &p.KnowsPartitioned }, proof{"safari": "hosts: cookies GET plain to app"}),
	flag("PartitionsForeign", "Partitioned cookies that were stored while the request was same-site do not go with cross-site requests, nor the reverse",
		func(p *Profile) *bool { return &p.PartitionsForeign }, proof{"chrome": "hosts: set-cookie dev to devapi to devtls"}),
	flag("RefusesForeignCookies", "an answer from another site never stores a cookie",
		func(p *Profile) *bool { return &p.RefusesForeignCookies }, proof{"safari": "hosts: set-cookie app to far to far"}),
	flag("SameSiteSeesRedirects", "a redirect over another site makes the request cross-site to Lax and Strict cookies for good",
		func(p *Profile) *bool { return &p.SameSiteSeesRedirects },
		proof{"firefox": "hosts: cookies app to far to api", "safari": "hosts: cookies app to far to api"}),
	flag("HomeIsSameSite", "but not where it comes back to the page's own host",
		func(p *Profile) *bool { return &p.HomeIsSameSite }, proof{"safari": "hosts: cookies app to far to app"}),
	flag("LastAgeCounts", "of Max-Age and Expires in one cookie the later counts",
		func(p *Profile) *bool { return &p.LastAgeCounts }, proof{"safari": "hosts: cookie ages app to app"}),
	flag("IgnoresCookiePrefixes", "cookie names with __Secure- and __Host- need no attributes",
		func(p *Profile) *bool { return &p.IgnoresCookiePrefixes }, proof{"safari": "hosts: cookie forms app to app"}),
	flag("LocalNetworkAccess", "a page from a public address reaches local and loopback addresses only with the user's permission",
		func(p *Profile) *bool { return &p.LocalNetworkAccess },
		proof{"chrome": "hosts: GET public to lan", "firefox": "hosts: GET public to lan"}),
}
