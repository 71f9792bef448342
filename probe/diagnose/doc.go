// Package diagnose goes from a verdict to its cause. It gets the trace of a
// fetch and an Ask function, never a client: recipes say which harmless
// questions they want answered, and conclude findings from the answers.
//
// Nothing in here decides whether something is allowed. "Would this pass?" is
// always put to package fetch: a variant of the request is stepped with the
// answers to questions, and what the machine says of it is the evidence.
package diagnose

import (
	"context"
	"time"

	"github.com/corscheck/corscheck/probe/fetch"
	"github.com/corscheck/corscheck/probe/finding"
)

// A Question is one extra request that a diagnosis wants sent. Its method is
// GET, HEAD or OPTIONS. What the user gave goes only to the origin that the
// user named, and no credentials go with OPTIONS.
type Question struct {
	Message fetch.Message
	// Why says what the answer will tell, in one clause.
	Why string
	// Family is the address family to use: 4, 6, or 0 for any.
	Family int
	// Again counts the repetitions of a question: whether the answer is the same.
	Again int
}

// An Answer is what came back for a question: a response or a failure.
type Answer struct {
	Response *fetch.Response
	Failure  *fetch.Failure
	Text     string // the decoded start of the body
}

// Ask sends a question. It returns false where the budget of the diagnosis is
// spent or the question is not permitted.
type Ask func(ctx context.Context, q Question) (Answer, bool)

// A Case is what a diagnosis starts from.
type Case struct {
	Result *fetch.Result
	// Texts are the decoded starts of the bodies, parallel to Result.Exchanges.
	Texts []string
	// Together puts several questions at once and returns their answers in their
	// order, zero ones for those that it did not put; nil puts one after the
	// other. It only saves time.
	Together func(context.Context, []Question) []Answer
	// Stack is the stack to print fixes for, where the user named one.
	Stack string
	// Deep permits questions that only refine what is known.
	Deep bool
	// SendUnsafe says that the request itself was sent although its method is
	// not a safe one; the diagnosis never sends it again.
	SendUnsafe bool
	// Timeout is how long the check waited at most; 0 where nothing was sent.
	Timeout time.Duration
}

// Run names the cause of a verdict and what else is to be said about the
// server. The first finding is the headline.
func Run(ctx context.Context, c Case, ask Ask) []finding.Finding {
	if c.Result == nil {
		return nil
	}
	s := newSubject(c, ask)
	found := s.causes(ctx)
	found = append(found, s.advise(ctx)...)
	found = inOrder(found)
	s.attachFixes(ctx, found)
	return found
}
