// One request of a script, as corscheck was asked to make it. What comes back is
// what the script sees; of the body nothing is read.
async (q) => {
  const bytes = q.body === null ? undefined : Uint8Array.from(atob(q.body), c => c.charCodeAt(0));
  let body = bytes;
  if (bytes) {
    // Text goes as the string that a script passes; what is no text as a Blob,
    // which is the same on the wire.
    try {
      body = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
    } catch {
      body = new Blob([bytes], {type: 'text/plain;charset=UTF-8'});
    }
  }
  const names = text => text.trim().split(/[\r\n]+/).filter(Boolean).map(line => line.split(':')[0].toLowerCase());
  const viaFetch = async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), q.timeout);
    const init = {method: q.method, headers: q.headers, mode: q.mode, credentials: q.credentials, redirect: q.redirect, signal: stop.signal};
    if (body !== undefined) init.body = body;
    try {
      const r = await fetch(q.url, init);
      return {allowed: true, type: r.type, status: r.status, exposed: [...r.headers.keys()]};
    } catch (e) {
      return {timeout: e.name === 'AbortError', error: String(e)};
    }
  };
  const viaXHR = () => new Promise(resolve => {
    const x = new XMLHttpRequest();
    x.open(q.method, q.url);
    x.timeout = q.timeout;
    x.withCredentials = q.credentials === 'include';
    for (const [name, value] of q.headers) x.setRequestHeader(name, value);
    if (q.initiator === 'xhr-upload') x.upload.addEventListener('progress', () => {});
    x.onreadystatechange = () => {
      if (x.readyState < 2 || x.status === 0) return;
      resolve({allowed: true, status: x.status, exposed: names(x.getAllResponseHeaders())});
      x.abort();
    };
    x.onerror = () => resolve({error: 'error'});
    x.ontimeout = () => resolve({timeout: true, error: 'timeout'});
    x.send(body);
  });
  return q.initiator === 'fetch' ? viaFetch() : viaXHR();
}
