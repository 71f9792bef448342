'use strict';
// The page fetches its list of scenarios, runs them, posts what script can see
// of each, and gets the next list, until there is none.

async function viaFetch(s) {
  const init = {
    method: s.method, headers: s.headers, mode: s.mode,
    credentials: s.credentials, redirect: s.redirect,
  };
  if (s.body !== null) init.body = s.body;
  let r;
  try {
    r = await fetch(s.url, init);
  } catch (e) {
    return {allowed: false, error: String(e), thrown: throws(s.url, init)};
  }
  const out = {allowed: true, type: r.type, status: r.status, headers: [...r.headers.keys()]};
  // A body that cannot be decoded is no verdict of fetch().
  try { await r.text(); } catch {}
  return out;
}

// throws says that fetch() refused its arguments: nothing was ever requested.
function throws(url, init) {
  try {
    new Request(url, init);
    return false;
  } catch {
    return true;
  }
}

async function one(s) {
  if (s.mark) console.log('begin ' + s.prefix);
  const limit = new Promise(resolve => setTimeout(resolve, s.limit, {error: 'timeout'}));
  let out;
  try {
    out = await Promise.race([run(s), limit]);
  } catch (e) {
    out = {allowed: false, error: String(e)};
  }
  if (s.mark) console.log('end ' + s.prefix);
  return {...out, prefix: s.prefix};
}

function run(s) {
  return s.sandboxed ? inSandbox(s) : initiators[s.initiator](s);
}

async function all(list, parallel) {
  const out = [];
  let next = 0;
  const worker = async () => {
    while (next < list.length) {
      const s = list[next++];
      out.push(await one(s));
    }
  };
  await Promise.all(Array.from({length: parallel}, worker));
  return out;
}

async function work() {
  for (let done = []; ;) {
    const r = await fetch('/_/work', {method: 'POST', body: JSON.stringify(done)});
    const job = await r.json();
    if (!job) return;
    if (job.go) { // the page there asks for work in its turn
      location.href = job.go;
      return;
    }
    done = await all(job.scenarios, job.parallel);
  }
}

if (window === top) {
  hearFrame();
  work();
} else {
  serveFrame();
}
