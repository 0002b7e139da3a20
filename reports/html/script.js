// Runs in the page of a reader: filters, deep links, time lines. Everything from the report is set as text, never as HTML.
(() => {
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const form = document.querySelector('.filters');
  const checks = $$('details.check');

  // filters
  function apply() {
    const wanted = new FormData(form);
    const words = String(wanted.get('text') ?? '')
      .toLowerCase()
      .split(/\s+/)
      .filter(Boolean);
    const verdicts = wanted.getAll('verdict');
    let shown = 0;
    for (const check of checks) {
      const { dataset } = check;
      const fits =
        (verdicts.length === 0 || verdicts.includes(dataset.verdict)) &&
        (!wanted.get('level') || wanted.get('level') === dataset.level) &&
        (!wanted.get('severity') || wanted.get('severity') === dataset.severity) &&
        words.every((word) => dataset.words.includes(word));
      check.hidden = !fits;
      if (fits) shown += 1;
    }
    for (const suite of $$('.suite')) suite.hidden = !suite.querySelector('details.check:not([hidden])');
    document.querySelector('.shown').textContent = `${shown} of ${checks.length} checks`;
    document.querySelector('.nothing').hidden = shown > 0;
  }
  function clear() {
    form.reset();
    apply();
  }
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());

  // deep links: #suite/slug opens the check, also when a filter hides it
  function openTarget() {
    let id = location.hash.slice(1);
    try {
      id = decodeURIComponent(id);
    } catch {
      // a fragment that is no percent-encoding is taken as it is
    }
    const target = id ? document.getElementById(id) : null;
    if (!target?.matches('details.check')) return;
    if (target.hidden) clear();
    target.open = true;
    target.scrollIntoView({ block: 'start' });
    target.querySelector('summary').focus({ preventScroll: true });
  }
  addEventListener('hashchange', openTarget);
  // The browser itself goes to the fragment when the page is loaded, and would take the focus along.
  addEventListener('load', () => requestAnimationFrame(openTarget));
  for (const check of checks) {
    check.addEventListener('toggle', () => {
      if (check.open) history.replaceState(null, '', `#${check.id}`);
    });
  }

  document.addEventListener('click', async (event) => {
    const target = event.target.closest('a, button');
    if (!target) return;
    if (target.dataset.only !== undefined) {
      form.reset();
      for (const box of form.elements.verdict?.length === undefined
        ? [form.elements.verdict]
        : form.elements.verdict)
        if (box) box.checked = box.value === target.dataset.only;
      apply();
    } else if (target.dataset.clear !== undefined) clear();
    else if (target.dataset.open !== undefined)
      for (const check of checks) if (!check.hidden) check.open = true;
    if (target.dataset.zoom !== undefined) zoom(target.querySelector('img'));
    if (target.dataset.copy !== undefined) {
      try {
        await navigator.clipboard.writeText(target.dataset.copy);
        target.textContent = 'Copied';
      } catch {
        getSelection().selectAllChildren(target.previousElementSibling);
        target.textContent = 'Selected';
      }
    }
    if (target.getAttribute('href') === location.hash) openTarget();
    if (target.dataset.show !== undefined) await showTimeline(target.parentElement);
  });

  // pictures in full size; Escape or a click closes them
  function zoom({ src, alt }) {
    const box = make('dialog', 'zoomed');
    const close = make('button', '', 'Close');
    close.type = 'button';
    const image = make('img');
    Object.assign(image, { src, alt });
    box.append(close, image);
    box.addEventListener('click', () => box.close());
    box.addEventListener('close', () => box.remove());
    document.body.append(box);
    box.showModal();
  }

  // keyboard: / to the text filter, j and k from check to check
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, select, textarea'))
      return;
    if (event.key === '/') {
      event.preventDefault();
      form.elements.text.focus();
    }
    if (event.key === 'j' || event.key === 'k') {
      const rows = checks.filter((check) => !check.hidden).map((check) => check.querySelector('summary'));
      const at = rows.findIndex((row) => row.parentElement.contains(document.activeElement));
      rows[event.key === 'j' ? Math.min(at + 1, rows.length - 1) : Math.max(at - 1, 0)]?.focus();
    }
  });

  // time lines
  let unpacked;
  function unpack() {
    unpacked ??= (async () => {
      const bytes = Uint8Array.from(
        atob(document.getElementById('exchanges').textContent.trim()),
        (character) => character.charCodeAt(0),
      );
      return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).json();
    })();
    return unpacked;
  }
  const make = (name, className, text) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const NAMES = { browser: 'Browser', app: 'App', issuer: 'Logto', carrier: 'Twilio', harness: 'Harness' };

  // What the app said while it passed is packed, too.
  for (const lines of $$('pre[data-log]'))
    lines.parentElement.addEventListener('toggle', async () => {
      if (!lines.textContent) lines.textContent = (await unpack())[lines.dataset.log]?.log?.join('\n') ?? '';
    });

  async function showTimeline(place) {
    const { steps = [], exchanges = [] } = (await unpack())[place.dataset.timeline] ?? {};
    const used = new Set(exchanges.flatMap(({ from, to }) => [from, to]));
    const lanes = ['harness', 'browser', 'app', 'issuer', 'carrier'].filter(
      (lane) => lane !== 'harness' || used.has(lane),
    );
    const box = make('div', 'seq');
    box.style.setProperty('--lanes', lanes.length);
    const head = make('div', 'seq-head');
    head.setAttribute('aria-hidden', 'true');
    for (const lane of lanes) head.append(make('span', '', NAMES[lane]));
    box.append(head);
    let list;
    let last;
    for (const exchange of exchanges) {
      const step = steps.find(({ from, to }) => exchange.seq >= from && exchange.seq <= to);
      if (!list || step !== last) {
        if (step) {
          const title = make('p', `seq-step${step.ok ? '' : ' bad'}`);
          title.append(make('b', '', step.name), step.outcome);
          box.append(title);
        }
        list = make('ol');
        box.append(list);
        last = step;
      }
      const item = make('li');
      item.append(message(exchange, lanes, Date.parse(exchange.at) - Date.parse(exchanges[0].at)));
      list.append(item);
    }
    box.tabIndex = -1;
    box.setAttribute('role', 'group');
    box.setAttribute('aria-label', `Time line of ${place.dataset.timeline}`);
    place.replaceChildren(box);
    box.focus({ preventScroll: true });
  }

  // Path and query as they are read at a glance: no origin, long ids and long queries cut.
  function shortened(address) {
    const [path, query] = address.replace(/^[a-z]+:\/\/[^/?#]+/i, '').split(/\?(.*)/s);
    return {
      path: path.replace(/[\w-]{25,}/g, (id) => `${id.slice(0, 6)}…`) || '/',
      query: query ? `?${query.length > 60 ? `${query.slice(0, 60)}…` : query}` : '',
    };
  }

  function message(exchange, lanes, after) {
    const from = lanes.indexOf(exchange.from);
    const to = lanes.indexOf(exchange.to);
    const details = make('details', exchange.faults.length ? 'faulty' : '');
    const summary = make('summary');
    const start = Math.min(from, to);
    const span = Math.abs(to - from) + 1;
    const box = make('span', `msg ${to > from ? 'right' : to < from ? 'left' : 'self'}`);
    box.style.gridColumn = `${start + 1} / span ${span}`;
    box.style.setProperty('--span', span);
    for (const fault of exchange.faults)
      box.append(make('span', 'fault-mark', `⚡ fault: ${fault}`), make('br'));
    box.append(make('span', 'hear', `${NAMES[exchange.from]} to ${NAMES[exchange.to]}: `));
    const what = make('span', 'what');
    const { path, query } = shortened(exchange.url);
    const address = make('span', 'path', `${exchange.method} ${path}`);
    if (query) address.append(make('span', 'query', query));
    what.append(
      address,
      ' ',
      make(
        'span',
        `status s${exchange.status === null ? 0 : Math.floor(exchange.status / 100)}`,
        exchange.status ?? 'no answer',
      ),
    );
    what.title = exchange.url;
    box.append(what);
    summary.append(make('span', 'when', `+${after} ms`), box);
    details.append(summary);
    // Headers and bodies are made when they are first asked for: a long exchange stays quick.
    details.addEventListener(
      'toggle',
      () => details.children.length === 1 && details.append(wire(exchange)),
      { once: true },
    );
    return details;
  }

  function wire({ at, durationMs, method, url, status, request, response, faults }) {
    const box = make('div', 'wire');
    box.append(make('p', 'url', `${method} ${url}`));
    for (const [title, { headers, body }] of [
      ['Request', request],
      [
        `Response ${status ?? '(none)'} · ${at.slice(11, 23)} · ${durationMs} ms${faults.length ? ` · changed by ${faults.join(', ')}` : ''}`,
        response,
      ],
    ]) {
      const part = make('div');
      const lines = Object.entries(headers).flatMap(([name, value]) =>
        [value].flat().map((each) => `${name}: ${each}`),
      );
      part.append(make('h4', '', title));
      const pre = make(
        'pre',
        '',
        `${lines.join('\n')}${body === null || body === undefined || body === '' ? '' : `\n\n${typeof body === 'string' ? body : JSON.stringify(body, null, 2)}`}`,
      );
      pre.tabIndex = 0;
      part.append(pre);
      box.append(part);
    }
    return box;
  }

  apply();
  openTarget();
})();
