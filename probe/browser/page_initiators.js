'use strict';
// How the page makes requests other than by fetch(). Each runner resolves with
// what script can see: XMLHttpRequest tells the status and the headers, an
// EventSource whether it opened, an element whether it loaded, no more.

const initiators = {
  fetch: s => viaFetch(s),
  xhr: s => viaXHR(s, false),
  'xhr-upload': s => viaXHR(s, true),
  eventsource: viaEventSource,
  script: s => viaScript(s, 'text/javascript'),
  module: s => viaScript(s, 'module'),
  img: viaImage,
  font: viaFont,
};

function viaXHR(s, listens) {
  return new Promise(resolve => {
    const x = new XMLHttpRequest();
    try {
      x.open(s.method, s.url);
      x.withCredentials = s.credentials === 'include';
      for (const [name, value] of s.headers) x.setRequestHeader(name, value);
    } catch (e) {
      resolve({allowed: false, error: String(e), thrown: true});
      return;
    }
    if (listens) x.upload.addEventListener('progress', () => {});
    x.onload = () => resolve({allowed: true, status: x.status, headers: namesOf(x.getAllResponseHeaders())});
    x.onerror = () => resolve({allowed: false, error: 'error event'});
    x.send(s.body);
  });
}

// namesOf are the names in the text of getAllResponseHeaders(), each once.
function namesOf(text) {
  const lines = text.split('\r\n').filter(line => line !== '');
  return [...new Set(lines.map(line => line.split(':')[0].toLowerCase()))];
}

function viaEventSource(s) {
  return new Promise(resolve => {
    const source = new EventSource(s.url, {withCredentials: s.credentials === 'include'});
    source.onopen = () => { source.close(); resolve({allowed: true}); };
    source.onerror = () => { source.close(); resolve({allowed: false, error: 'error event'}); };
  });
}

// viaElement resolves with the event that ends the element's request.
function viaElement(element, s, start) {
  return new Promise(resolve => {
    element.onload = () => resolve({allowed: true});
    element.onerror = () => resolve({allowed: false, error: 'error event'});
    if (s.crossorigin) element.crossOrigin = s.crossorigin;
    start();
  });
}

async function viaScript(s, type) {
  const script = document.createElement('script');
  script.type = type;
  const out = await viaElement(script, s, () => {
    script.src = s.url;
    document.head.append(script);
  });
  script.remove();
  return out;
}

function viaImage(s) {
  const image = new Image();
  return viaElement(image, s, () => { image.src = s.url; });
}

async function viaFont(s) {
  try {
    await new FontFace('conformance', `url(${JSON.stringify(s.url)})`).load();
  } catch (e) {
    return {allowed: false, error: String(e)};
  }
  return {allowed: true};
}

// The sandboxed frame is this page once more, with an opaque origin. It takes
// scenarios by message and answers by message.
let frame;
const asked = new Map();

function sandboxed() {
  frame ??= new Promise(resolve => {
    const f = document.createElement('iframe');
    f.sandbox = 'allow-scripts';
    f.src = '/';
    f.onload = () => resolve(f.contentWindow);
    document.body.append(f);
  });
  return frame;
}

async function inSandbox(s) {
  const target = await sandboxed();
  return new Promise(resolve => {
    asked.set(s.prefix, resolve);
    target.postMessage(s, '*');
  });
}

// serveFrame runs what the page outside asks for.
function serveFrame() {
  addEventListener('message', async e => {
    const out = await initiators[e.data.initiator](e.data).catch(err => ({allowed: false, error: String(err)}));
    parent.postMessage({prefix: e.data.prefix, out}, '*');
  });
}

// hearFrame hands the frame's answers to those who wait for them.
function hearFrame() {
  addEventListener('message', e => {
    asked.get(e.data.prefix)?.(e.data.out);
    asked.delete(e.data.prefix);
  });
}
