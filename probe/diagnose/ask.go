package diagnose

import (
	"context"
	"fmt"
	"strings"

	"github.com/corscheck/corscheck/probe/fetch"
)

// An asker puts each question once: recipes share the answers, and what the
// trace already holds is not asked again.
type asker struct {
	ask      Ask
	together func(context.Context, []Question) []Answer
	answers  map[string]Answer
	// texts are the decoded bodies of all responses, asked for or in the trace.
	texts map[*fetch.Response]string
	// asked are the questions that went out, for the stack to be recognised by.
	asked []fetch.Exchange
	// fresh is a query value that no cache has seen.
	fresh string
	// limited is set where the check itself met a rate limit.
	limited bool
}

func newAsker(c Case, ask Ask) *asker {
	a := &asker{ask: ask, together: c.Together, fresh: freshValue(), answers: map[string]Answer{}, texts: map[*fetch.Response]string{}}
	for i, x := range c.Result.Exchanges {
		if x.Response == nil {
			continue
		}
		text := ""
		if i < len(c.Texts) {
			text = c.Texts[i]
		}
		a.texts[x.Response] = text
		a.limited = a.limited || x.Response.Status == tooManyRequests
		if isSafe(x.Message.Method) {
			a.answers[key(Question{Message: x.Message})] = Answer{Response: x.Response, Text: text}
		}
	}
	return a
}

// put asks one question, or remembers the answer.
func (a *asker) put(ctx context.Context, q Question) (Answer, bool) {
	if !isSafe(q.Message.Method) {
		return Answer{}, false
	}
	k := key(q)
	if known, ok := a.answers[k]; ok {
		return known, true
	}
	if a.ask == nil || ctx.Err() != nil {
		return Answer{}, false
	}
	answer, ok := a.ask(ctx, q)
	return answer, ok && a.keep(q, answer)
}

const tooManyRequests = 429

// keep remembers an answer, if it is one. That the questions have become too
// many says nothing about them, and no more are put.
func (a *asker) keep(q Question, answer Answer) bool {
	if answer.Response == nil && answer.Failure == nil {
		return false
	}
	if answer.Response != nil && answer.Response.Status == tooManyRequests && !a.limited {
		a.ask, a.together = nil, nil
		return false
	}
	a.answers[key(q)] = answer
	if answer.Response != nil {
		a.texts[answer.Response] = answer.Text
	}
	a.asked = append(a.asked, fetch.Exchange{Message: q.Message, Response: answer.Response, Failure: answer.Failure})
	return true
}

// ahead puts questions at once that are about to be put one after the other: a
// slow server answers them in the time of one. Recipes then find the answers.
func (a *asker) ahead(ctx context.Context, questions ...Question) {
	if a.ask == nil || a.together == nil || ctx.Err() != nil {
		return
	}
	var unknown []Question
	for _, q := range questions {
		if _, known := a.answers[key(q)]; !known && isSafe(q.Message.Method) {
			unknown = append(unknown, q)
		}
	}
	if len(unknown) < 2 {
		return
	}
	for i, answer := range a.together(ctx, unknown) {
		a.keep(unknown[i], answer)
	}
}

// first are the first questions of trying variants.
func first(browser *fetch.Profile, why string, variants ...fetch.Request) []Question {
	var questions []Question
	for _, req := range variants {
		f, err := fetch.New(browser, req)
		if err != nil {
			continue
		}
		if m, ok := f.Next(); ok {
			questions = append(questions, Question{Message: *m, Why: why})
		}
	}
	return questions
}

// try steps a variant of a request to its end. It returns nil where a question
// on the way could not be put.
func (a *asker) try(ctx context.Context, browser *fetch.Profile, req fetch.Request, why string) *fetch.Result {
	f, err := fetch.New(browser, req)
	if err != nil {
		return nil
	}
	for m, ok := f.Next(); ok; m, ok = f.Next() {
		if !isSafe(m.Method) {
			f.Withhold()
			continue
		}
		answer, ok := a.put(ctx, Question{Message: *m, Why: why})
		switch {
		case !ok:
			return nil
		case answer.Failure != nil:
			f.Fail(answer.Failure)
		default:
			f.Receive(answer.Response)
		}
	}
	return f.Result()
}

// key is what makes two questions the same.
func key(q Question) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %d %s %s\n", q.Family, q.Again, q.Message.Method, q.Message.URL.Display())
	for _, h := range q.Message.Headers {
		fmt.Fprintf(&b, "%s: %s\n", strings.ToLower(h.Name), h.Value)
	}
	return b.String()
}

// isSafe reports whether a diagnosis may send the method.
func isSafe(method string) bool {
	return method == "GET" || method == "HEAD" || method == "OPTIONS"
}
