'use strict';
(() => {
  const $ = (id) => document.getElementById(id);
  const dialog = $('dialog');
  const cells = [...document.querySelectorAll('button.cell')];
  const rows = $('rows') ? [...$('rows').rows].map((tr) => ({ tr, text: tr.textContent.toLowerCase(), cells: [...tr.querySelectorAll('button.cell')] })) : [];

  // Everything is built from text nodes: what servers sent is never markup.
  const el = (name, attributes, ...children) => {
    const e = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key === 'onclick') e.addEventListener('click', value);
      else e.setAttribute(key, value);
    }
    e.append(...children.filter((c) => c !== null && c !== undefined && c !== false));
    return e;
  };

  // The checks are kept compressed: their texts repeat each other.
  let loading;
  const checks = () => {
    loading = loading || (async () => {
      const bytes = Uint8Array.from(atob($('data').textContent.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
      return JSON.parse(await new Response(stream).text());
    })();
    return loading;
  };

  const headers = (list) => el('pre', { class: 'wrap' }, list.map(([name, value]) => name + ': ' + value).join('\n') || 'none');
  const copyable = (text, wrap) => {
    const box = el('div', { class: 'snippet' }, el('pre', wrap ? { class: 'wrap' } : {}, text));
    addCopy(box);
    return box;
  };
  const addCopy = (box) => {
    const button = el('button', { type: 'button', onclick: async () => {
      const text = box.querySelector('pre').textContent;
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = 'copied';
      } catch {
        getSelection().selectAllChildren(box.querySelector('pre'));
        button.textContent = 'selected';
      }
      setTimeout(() => { button.textContent = 'copy'; }, 1500);
    } }, 'copy');
    box.append(button);
  };

  const exchange = (x) => {
    let answer = 'no answer: ' + (x.error || '');
    if (x.notSent) answer = x.error ? 'not sent by the browser' : 'not sent by corscheck';
    else if (x.response) answer = 'status ' + x.response.status + (x.fromCache ? " from the browser's HTTP cache" : '');
    const kind = { preflight: 'preflight', actual: 'request', extra: 'extra, sent by no browser' }[x.kind] || x.kind;
    return el('div', { class: 'exchange' },
      el('strong', {}, kind), ' ', el('code', {}, x.request.method + ' ' + x.request.url), ': ' + answer,
      x.durationMs ? el('span', { class: 'soft' }, ' (' + x.durationMs.toFixed(1) + ' ms)') : null,
      el('ul', {}, ...(x.steps || []).map((s) => el('li', { class: s.passed ? 'good' : 'bad' }, (s.passed ? '✓ ' : '✗ ') + s.name + ': ' + s.detail))),
      el('details', {}, el('summary', {}, 'headers'), el('h4', {}, 'Request'), headers(x.request.headers || []),
        ...(x.response ? [el('h4', {}, 'Response'), headers(x.response.headers || [])] : []),
        ...(x.response && x.response.body ? [el('h4', {}, 'Start of the body'), el('pre', { class: 'wrap' }, x.response.body)] : [])));
  };

  const finding = (f) => el('section', { class: 'cause ' + (f.severity === 'error' ? '' : 'advice') },
    el('header', {}, el('h3', {}, f.title), el('span', { class: 'soft' }, f.severity + ', ', el('code', {}, f.id), f.confirmed ? '' : ', likely, not proved')),
    f.detail ? el('p', {}, f.detail) : null,
    f.evidence ? el('ul', {}, ...f.evidence.map((e) => el('li', {}, e))) : null,
    ...(f.fix && f.fix.snippet ? [el('h4', {}, 'Fix for ' + f.fix.stack + (f.fix.why ? ' (' + f.fix.confidence + ' confidence: ' + f.fix.why + ')' : '')), copyable(f.fix.snippet)] : []));

  const sheet = (c) => {
    const facts = [
      ['URL', c.url], ['Origin', c.origin], ['Method', c.method], ['Credentials', c.credentials], ['Browser', c.browser],
      ['Preflight', c.preflight.needed ? 'needed because of ' + (c.preflight.because || []).join(', ') : 'not needed'],
    ];
    if (c.headers.length) facts.push(['Headers', c.headers.map(([n, v]) => n + ': ' + v).join('\n')]);
    if (c.responseType) facts.push(['Response', c.responseType + ', status ' + c.status], ['Script can read', c.exposedHeaders.join(', ') || 'no header']);
    if (c.source) facts.push(['From', c.source.file + ':' + c.source.line]);
    const outcome = c.outcome + (c.expected ? ' (expected: ' + c.expected + ')' : '');
    return el('div', { class: 'sheet' },
      el('h1', { id: 'dialog-title', class: c.class }, c.mark + ' ' + outcome),
      c.reason && c.reason.explanation ? el('p', {}, c.reason.explanation) : null,
      el('dl', {}, ...facts.flatMap(([k, v]) => [el('dt', {}, k), el('dd', { class: 'mono', style: 'white-space: pre-wrap' }, v)])),
      ...(c.failures ? [el('h2', {}, 'Not as expected'), el('ul', {}, ...c.failures.map((f) => el('li', { class: 'bad' }, f.expectation + ': expected ' + f.want + ', got ' + (f.got || 'nothing'))))] : []),
      el('h2', {}, 'The exchange'),
      ...(c.setup || []).map((s) => el('p', { class: s.passed ? 'good' : 'bad' }, (s.passed ? '✓ ' : '✗ ') + s.name + ': ' + s.detail)),
      ...c.exchanges.map(exchange),
      ...(c.reason && c.reason.console ? [el('h2', {}, 'The console'), el('pre', { class: 'wrap' }, c.reason.console)] : []),
      ...(c.findings.length ? [el('h2', {}, 'Findings'), ...c.findings.map(finding)] : []),
      ...(c.assumptions.length ? [el('h2', {}, 'Assumed'), el('ul', {}, ...c.assumptions.map((a) => el('li', {}, a)))] : []),
      el('h2', {}, 'Again'), copyable(c.command, true));
  };

  let current = -1;
  const open = async (i) => {
    let all;
    try {
      all = await checks();
    } catch (e) {
      dialog.replaceChildren(el('div', { class: 'sheet' }, el('p', { id: 'dialog-title' }, 'This browser cannot unpack the exchanges (' + e.message + '); the causes in the page have one each.')));
      dialog.showModal();
      return;
    }
    if (!all[i]) return;
    current = i;
    const c = all[i];
    const step = (d) => () => move(d);
    dialog.replaceChildren(
      el('div', { class: 'bar' }, el('span', { class: 'mono soft' }, (i + 1) + ' of ' + all.length),
        el('button', { type: 'button', onclick: step(-1), 'aria-label': 'previous check' }, '← previous'),
        el('button', { type: 'button', onclick: step(1), 'aria-label': 'next check' }, 'next →'),
        el('button', { type: 'button', onclick: () => dialog.close() }, 'close')),
      sheet(c));
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    history.replaceState(null, '', '#check-' + (i + 1));
  };
  // Previous and next go through what the filter shows.
  const move = (d) => {
    const shown = cells.filter((b) => !b.closest('tr').hidden && !b.classList.contains('faint'));
    const at = shown.findIndex((b) => +b.dataset.check === current);
    const to = shown[at + d];
    if (to) open(+to.dataset.check);
  };
  dialog.addEventListener('close', () => {
    history.replaceState(null, '', location.pathname + location.search);
    // The event comes a moment later: whoever went elsewhere meanwhile stays there.
    const at = document.activeElement;
    const b = cells.find((b) => +b.dataset.check === current);
    if (b && (at === document.body || cells.includes(at))) b.focus();
  });
  dialog.addEventListener('click', (e) => { if (e.target === dialog) dialog.close(); });
  dialog.addEventListener('keydown', (e) => {
    if (e.altKey || e.ctrlKey || e.metaKey) return;
    if (e.key === 'ArrowRight') move(1);
    if (e.key === 'ArrowLeft') move(-1);
  });

  const filter = () => {
    const words = $('search').value.toLowerCase().split(/\s+/).filter(Boolean);
    const verdict = $('verdict').value;
    const cause = $('cause').value;
    let shown = 0;
    let found = 0;
    for (const row of rows) {
      let any = false;
      for (const b of row.cells) {
        const match = (!verdict || (verdict === 'attention' ? 'attention' in b.dataset : b.dataset.verdict === verdict)) && (!cause || b.dataset.cause === cause);
        b.classList.toggle('faint', !match);
        if (match) any = true;
      }
      const show = any && words.every((w) => row.text.includes(w));
      row.tr.hidden = !show;
      if (show) {
        shown++;
        found += row.cells.filter((b) => !b.classList.contains('faint')).length;
      }
    }
    $('shown').textContent = shown === rows.length && found === cells.length ? cells.length + ' checks' : found + ' of ' + cells.length + ' checks';
  };

  document.addEventListener('click', (e) => {
    const b = e.target.closest('[data-check]');
    if (b) open(+b.dataset.check);
    const s = e.target.closest('[data-show-cause]');
    if (s && $('cause')) {
      $('search').value = '';
      $('verdict').value = '';
      $('cause').value = s.dataset.showCause;
      filter();
      const first = cells.find((b) => !b.closest('tr').hidden && !b.classList.contains('faint'));
      if (first) first.scrollIntoView({ inline: 'nearest' }); // on a narrow screen it may be out of sight
      $('matrix').scrollIntoView();
    }
  });
  document.addEventListener('keydown', (e) => {
    if (e.key === '/' && !dialog.open && !/^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName) && $('search')) {
      e.preventDefault();
      $('search').focus();
    }
    // Arrow keys walk through the matrix, as in any grid.
    const b = e.target.closest && e.target.closest('button.cell');
    if (!b || dialog.open || !['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'].includes(e.key)) return;
    e.preventDefault();
    const td = b.parentElement;
    let to;
    if (e.key === 'ArrowLeft' || e.key === 'ArrowRight') {
      to = e.key === 'ArrowLeft' ? td.previousElementSibling : td.nextElementSibling;
    } else {
      let tr = td.parentElement;
      do tr = e.key === 'ArrowUp' ? tr.previousElementSibling : tr.nextElementSibling; while (tr && tr.hidden);
      to = tr && tr.cells[td.cellIndex];
    }
    if (to && to.querySelector('button')) to.querySelector('button').focus();
  });
  document.querySelectorAll('main .snippet').forEach(addCopy);
  if ($('search')) {
    let timer;
    $('search').addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(filter, 80); });
    $('verdict').addEventListener('change', filter);
    $('cause').addEventListener('change', filter);
    document.querySelector('form.filter').addEventListener('submit', (e) => e.preventDefault());
    filter();
  }
  const linked = /^#check-(\d+)$/.exec(location.hash);
  if (linked) open(+linked[1] - 1);
})();
