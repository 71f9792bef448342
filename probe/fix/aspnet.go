package fix

import "github.com/corscheck/corscheck/probe/finding"

var aspnet = Stack{
	Key: "aspnet", Name: "ASP.NET Core", Aliases: []string{"asp.net", "dotnet", "kestrel", "iis"}, Kind: Framework, comment: "//",
	Marks: []Mark{
		header("server", "^kestrel", finding.High),
		header("server", "^microsoft-iis", finding.High),
		header("x-powered-by", "asp.net", finding.High),
		header("x-aspnet-version", "", finding.High),
		body(`"type":"https://tools.ietf.org/html/rfc`, finding.Medium),
		header("set-cookie", ".aspnetcore.", finding.High),
	},
	changes: []change{
		{ids: ids("login-redirect"), parts: parts(
			`Where the cookie authentication is added: an API answers 401 instead of a redirect to the login.`, `
options.Events.OnRedirectToLogin = context =>
{
    context.Response.StatusCode = StatusCodes.Status401Unauthorized;
    return Task.CompletedTask;
};`)},
		{parts: parts(
			`In Program.cs, above builder.Build():`, `
builder.Services.AddCors(options => options.AddDefaultPolicy(policy => policy
    .WithOrigins({{java .Origin}})
    .WithMethods({{javaList .Methods}})
{{- if .Headers}}
    .WithHeaders({{javaList .Headers}}){{end}}
{{- if .Expose}}
    .WithExposedHeaders({{javaList .Expose}}){{end}}
{{- if .Credentials}}
    .AllowCredentials(){{end}}
{{- if .MaxAge}}
    .SetPreflightMaxAge(TimeSpan.FromSeconds({{.MaxAge}})){{end}}));`,
			`Below UseExceptionHandler and UseRouting, above UseHttpsRedirection, UseAuthentication and UseAuthorization:`, `
app.UseCors();
app.Use(async (context, next) =>
{
    context.Response.OnStarting(() =>
    {
        if (!context.Response.Headers.Vary.ToString().Contains("Origin"))
            context.Response.Headers.Append("Vary", "Origin");
        return Task.CompletedTask;
    });
    await next();
});`)},
	},
}
