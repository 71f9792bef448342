'use strict';
// The page of the lab: it runs the routes in the browser that shows it, and
// holds what happens against what corscheck predicts for that browser. All text
// goes through textContent.

const limit = 10000; // ms that a request may take
const byId = id => document.getElementById(id);

function el(tag, props, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (name in e) e[name] = value; else e.setAttribute(name, value);
  }
  e.append(...children.filter(c => c !== null && c !== undefined));
  return e;
}

// recognised is the browser whose rules this one has. On iOS every browser has
// Safari's.
function recognised(agent) {
  if (/CriOS|FxiOS|EdgiOS/.test(agent)) return 'safari';
  if (/Firefox\//.test(agent)) return 'firefox';
  if (/Chrome\/|Chromium\//.test(agent)) return 'chrome';
  if (/AppleWebKit\//.test(agent)) return 'safari';
  return '';
}

const names = {chrome: 'Chrome', firefox: 'Firefox', safari: 'Safari'};
const rows = [];
let browser = recognised(navigator.userAgent);

// request makes the route's request and returns what script sees of it.
async function request(q) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), limit);
  const init = {signal: stop.signal};
  for (const key of ['method', 'headers', 'body', 'mode', 'credentials', 'redirect']) {
    if (q[key] !== undefined) init[key] = q[key];
  }
  try {
    const r = await fetch(q.url, init);
    const seen = {allowed: true, type: r.type, status: r.status, exposed: [...r.headers.keys()].sort()};
    if (r.body) r.body.cancel().catch(() => {}); // a verdict needs no body, and some never end
    return seen;
  } catch (e) {
    return {allowed: false, error: e.name === 'AbortError' ? 'no answer within ' + limit / 1000 + ' s' : String(e)};
  } finally {
    clearTimeout(timer);
  }
}

// differences are the things in which a browser does not do what was predicted.
function differences(seen, p) {
  const out = [];
  const held = (what, got, want) => {
    if (got !== want) out.push(what + ' is ' + (got || 'none') + ', predicted ' + (want || 'none'));
  };
  if (seen.allowed !== (p.verdict === 'allowed')) {
    return ['the browser ' + (seen.allowed ? 'allows' : 'rejects') + ' it, predicted ' + p.verdict];
  }
  if (!seen.allowed) return out; // script is not told why
  held('response type', seen.type, p.type || '');
  held('status', seen.status, p.status || 0);
  held('exposed headers', seen.exposed.join(', '), (p.exposedHeaders || []).join(', '));
  return out;
}

function describeSeen(seen) {
  if (!seen.allowed) return 'rejected: ' + seen.error;
  return 'resolved: ' + seen.type + ' response, status ' + seen.status +
    ', headers ' + (seen.exposed.join(', ') || 'none');
}

function script(q) {
  if (q.by) return '// ' + q.by + ' for ' + q.url;
  const init = {};
  for (const key of ['method', 'headers', 'body', 'mode', 'credentials', 'redirect']) {
    if (q[key] !== undefined && !(key === 'method' && q[key] === 'GET')) init[key] = q[key];
  }
  const options = Object.keys(init).length ? ', ' + JSON.stringify(init, null, 2) : '';
  return 'await fetch(' + JSON.stringify(q.url) + options + ')';
}

function exchange(x) {
  const lines = [x.method + ' ' + x.url, ...(x.headers || []).map(h => h[0] + ': ' + h[1])];
  const answer = x.error ? [x.error] : [String(x.status), ...(x.responseHeaders || []).map(h => h[0] + ': ' + h[1])];
  const steps = (x.steps || []).map(s => el('li', {},
    el('span', {className: s.passed ? 'pass' : 'fail'}, s.passed ? '✓ ' : '✗ '), s.name + ': ' + s.detail));
  return el('li', {},
    el('strong', {}, x.kind === 'preflight' ? 'Preflight' : 'Request'),
    el('pre', {}, lines.map(l => '> ' + l).join('\n') + '\n' + answer.map(l => '< ' + l).join('\n')),
    steps.length ? el('ul', {}, ...steps) : null);
}

// unfold fills what a row folds out: the explanation and the exchange.
function unfold(row) {
  const d = row.route, p = d.predictions[browser] || d.predictions.chrome;
  const parts = [el('p', {}, d.teaches)];
  if (d.differs) parts.push(el('p', {}, 'Browsers differ: ' + d.differs));
  if (!d.runnable) parts.push(el('p', {className: 'soft'}, (d.request.by ? 'This needs ' + d.request.by + ', and this page uses fetch() alone.' : 'This needs a page at ' + d.origin + ', which is not this page.') + ' From a terminal: '), el('pre', {}, 'corscheck demo ' + d.name));
  parts.push(el('h4', {}, 'The script'), el('pre', {}, script(d.request)));
  if (row.seen) {
    parts.push(el('h4', {}, 'In this browser'), el('p', {}, describeSeen(row.seen)));
    const wrong = differences(row.seen, p);
    if (wrong.length) parts.push(el('ul', {}, ...wrong.map(w => el('li', {className: 'fail'}, w))));
  }
  parts.push(el('h4', {}, 'Predicted for ' + (names[browser] || 'Chrome')));
  parts.push(el('p', {}, p.explanation || 'The promise resolves: ' + (p.type || '') + ' response, status ' + (p.status || 0) + '.'));
  if (p.code) parts.push(el('p', {}, 'Code: ', el('code', {}, p.code)));
  if (p.console) parts.push(el('p', {}, 'Its console prints:'), el('pre', {}, p.console));
  parts.push(el('h4', {}, 'The exchange'));
  if (p.exchanges && p.exchanges.length) parts.push(el('ol', {}, ...p.exchanges.map(exchange)));
  else parts.push(el('p', {}, 'Nothing is sent.'));
  row.fold.replaceChildren(...parts);
}

function toggle(row) {
  const open = row.fold.hidden;
  row.fold.hidden = !open;
  row.toggle.setAttribute('aria-expanded', String(open));
  if (open) unfold(row);
}

// show brings a row up to date with the prediction and the result.
function show(row) {
  const d = row.route, p = d.predictions[browser] || d.predictions.chrome;
  row.predicted.replaceChildren(el('span', {className: 'verdict ' + p.verdict}, p.verdict));
  row.wrong = row.seen ? differences(row.seen, p) : [];
  row.result.className = 'result';
  row.item.classList.toggle('disagrees', row.wrong.length > 0);
  if (row.busy) row.result.textContent = '…';
  else if (!d.runnable) row.result.textContent = d.request.by ? 'needs ' + d.request.by : 'needs another page';
  else if (!row.seen) row.result.textContent = '';
  else if (row.wrong.length) { row.result.textContent = '✗ not as predicted'; row.result.classList.add('bad'); }
  else { row.result.textContent = '✓ ' + (row.seen.allowed ? 'allowed' : 'rejected') + ', as predicted'; row.result.classList.add('good'); }
  row.run.disabled = row.busy || !d.runnable;
  if (!row.fold.hidden) unfold(row);
}

async function run(row) {
  row.busy = true;
  show(row);
  row.seen = await request(row.route.request);
  row.busy = false;
  show(row);
  total();
}

function total() {
  const done = rows.filter(r => r.seen), wrong = done.filter(r => r.wrong.length);
  const out = byId('total');
  out.className = wrong.length ? 'bad' : 'good';
  out.textContent = done.length ? (done.length - wrong.length) + ' of ' + done.length + ' as predicted' : '';
  document.body.dataset.done = done.length;
  document.body.dataset.wrong = wrong.map(r => r.route.name).join(' ');
  filter();
}

async function runAll() {
  const button = byId('all');
  button.disabled = true;
  const waiting = rows.filter(r => r.route.runnable);
  await Promise.all(Array.from({length: 4}, async () => {
    while (waiting.length) await run(waiting.shift());
  }));
  button.disabled = false;
  document.body.dataset.finished = 'yes';
}

function filter() {
  const wanted = byId('filter').value;
  for (const row of rows) {
    const verdict = (row.route.predictions[browser] || row.route.predictions.chrome).verdict;
    const verdicts = new Set(Object.values(row.route.predictions).map(p => p.verdict + p.type + p.status));
    row.item.hidden = !({
      '': true, blocked: verdict !== 'allowed', allowed: verdict === 'allowed',
      differs: !!row.route.differs || verdicts.size > 1, disagrees: row.wrong.length > 0,
    })[wanted];
  }
  for (const section of document.querySelectorAll('main section')) {
    section.hidden = !section.querySelector('ul.routes > li:not([hidden])');
  }
}

function build(route, n) {
  const row = {route, seen: null, busy: false, wrong: []};
  const id = 'fold-' + n;
  row.toggle = el('button', {className: 'toggle', type: 'button', 'aria-expanded': 'false', 'aria-controls': id},
    route.title + ' ', el('code', {}, route.name));
  row.predicted = el('span', {className: 'predicted'});
  row.result = el('span', {className: 'result', role: 'status'});
  row.run = el('button', {className: 'run', type: 'button', 'aria-label': 'Run ' + route.name}, 'Run');
  row.fold = el('div', {className: 'fold', id, hidden: true});
  row.item = el('li', {id: route.name}, el('div', {className: 'row'}, row.toggle, row.predicted, row.result, row.run), row.fold);
  row.toggle.addEventListener('click', () => toggle(row));
  row.run.addEventListener('click', () => run(row));
  rows.push(row);
  show(row);
  return row.item;
}

function notice(text, ...more) {
  byId('notice').hidden = false;
  byId('notice').replaceChildren(text, ...more);
}

(async () => {
  const lab = await (await fetch('/routes.json')).json();
  if (location.origin !== lab.origins.Page) {
    notice('The routes are made for a page at another address: ', el('a', {href: lab.origins.Page + '/'}, 'open ' + lab.origins.Page + '/'));
  } else if (!browser) {
    notice('This browser was not recognised; the predictions are those for Chrome.');
  }
  browser = browser || 'chrome';
  byId('browser').value = browser;
  const families = new Map();
  lab.routes.forEach((route, n) => {
    if (!families.has(route.family)) families.set(route.family, el('ul', {className: 'routes'}));
    families.get(route.family).append(build(route, n));
  });
  byId('routes').replaceChildren(...[...families].map(([family, list]) => el('section', {}, el('h2', {}, family), list)));
  byId('all').addEventListener('click', runAll);
  byId('filter').addEventListener('change', filter);
  byId('browser').addEventListener('change', e => { browser = e.target.value; rows.forEach(show); total(); });
  document.body.dataset.ready = rows.length;
})();
