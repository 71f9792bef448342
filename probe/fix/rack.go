package fix

import "github.com/corscheck/corscheck/probe/finding"

var rack = Stack{
	Key: "rack", Name: "Rack or Sinatra with rack-cors", Aliases: []string{"sinatra", "puma"}, Kind: Framework, Run: true, comment: "#",
	Marks: []Mark{
		header("x-rack-cors", "", finding.High),
		header("x-cascade", "=pass", finding.High),
		header("server", "webrick", finding.High),
		body("Puma caught this error", finding.High),
	},
	changes: everything(
		`In config.ru, above every other use and run (gem 'rack-cors'), instead of other uses of Rack::Cors:`,
		`
require 'rack/cors'

use Rack::Cors do`+rackCORS),
}
