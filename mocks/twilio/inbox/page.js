/** The inbox page: keeps the threads in step with the server's event stream; `thread.js` draws one thread. */
import { element, followStatus, prettyNumber, shortTime, showThread } from './thread.js';

const by = (id) => document.getElementById(id);
const [main, phones, bubbles, search] = ['main', 'phones', 'bubbles', 'search'].map(by);
// A region that scrolls must be reachable by keyboard.
by('scroller').tabIndex = 0;
const narrow = matchMedia('(max-width: 720px)');

/** Threads by number, the latest message of each last. */
let threads = new Map();
const unread = new Map();
let chosen = null;
/** Numbers that the search found; null when nothing is searched for. */
let matches = null;

const say = (text) => {
  by('said').textContent = '';
  // A new text node, so that the same words are read out again.
  requestAnimationFrame(() => {
    by('said').textContent = text;
  });
};

function put(message) {
  const thread = threads.get(message.to) ?? [];
  thread.push(message);
  // The newest thread stands first.
  threads.delete(message.to);
  threads.set(message.to, thread);
}

function phoneItem([number, thread]) {
  const last = thread.at(-1);
  const count = unread.get(number) ?? 0;
  const button = element(
    'button',
    { type: 'button', class: 'phone', 'data-number': number, 'aria-current': String(number === chosen) },
    element(
      'span',
      { class: 'line' },
      element('strong', {}, prettyNumber(number)),
      element('time', { datetime: last.at }, shortTime(last.at)),
    ),
    element(
      'span',
      { class: 'line' },
      element('span', { class: 'snippet' }, last.body),
      count ? element('span', { class: 'count', 'aria-label': `${count} new` }, String(count)) : null,
    ),
  );
  return element('li', {}, button);
}

function draw() {
  const all = [...threads].reverse();
  const shown = matches ? all.filter(([number]) => matches.has(number)) : all;
  const focused = document.activeElement?.closest?.('.phone')?.dataset.number;
  phones.replaceChildren(...shown.map(phoneItem));
  if (focused) phones.querySelector(`[data-number="${CSS.escape(focused)}"]`)?.focus();
  const any = threads.size > 0;
  by('empty').hidden = any;
  by('phones-panel').hidden = !any;
  by('delete-all').hidden = !any;
  by('no-match').hidden = shown.length > 0;
  by('thread-panel').hidden = !any || chosen === null;
  main.dataset.view = chosen === null ? 'phones' : 'thread';
  const fresh = [...unread.values()].reduce((sum, count) => sum + count, 0);
  document.title = fresh ? `(${fresh}) Inbox` : 'Inbox';
}

function choose(number, focus = false) {
  chosen = number;
  unread.delete(number);
  const address = number ? `#${number}` : location.pathname;
  if (location.hash !== (number ? `#${number}` : '')) history.replaceState(null, '', address);
  draw();
  if (!number) return;
  const thread = threads.get(number) ?? [];
  by('thread-title').textContent = prettyNumber(number);
  by('thread-note').textContent = `${thread.length} ${thread.length === 1 ? 'message' : 'messages'}`;
  showThread(bubbles, thread, say);
  if (focus && narrow.matches) by('thread-title').focus();
}

async function load() {
  const answer = await fetch('/inbox/api/messages');
  threads = new Map();
  for (const message of await answer.json()) put(message);
  const wanted = decodeURIComponent(location.hash.slice(1));
  if (threads.has(chosen ?? wanted)) choose(chosen ?? wanted);
  else if (!narrow.matches && threads.size) choose([...threads.keys()].at(-1));
  else choose(null);
}

const live = by('live');
const state = (name, text) => {
  live.dataset.state = name;
  live.textContent = text;
};
const stream = new EventSource('/inbox/api/stream');
stream.onopen = () => {
  state('live', 'live');
  load();
};
stream.onerror = () => state('lost', 'not connected, trying again');
stream.addEventListener('message', ({ data }) => {
  const { message } = JSON.parse(data ?? 'null') ?? {};
  if (
    !message ||
    threads.get(message.to)?.some((known) => known.sid === message.sid && known.at === message.at)
  )
    return;
  put(message);
  if (message.to !== chosen) unread.set(message.to, (unread.get(message.to) ?? 0) + 1);
  if (chosen === null && !narrow.matches) choose(message.to);
  else if (message.to === chosen) choose(chosen);
  else draw();
  say(
    `New message to ${prettyNumber(message.to)}${message.code ? `, code ${[...message.code].join(' ')}` : ''}`,
  );
});
stream.addEventListener('status', ({ data }) => {
  const { sid, status } = JSON.parse(data);
  for (const thread of threads.values()) {
    for (const message of thread) if (message.sid === sid) message.status = status;
  }
  followStatus(bubbles, { sid, status });
});
stream.addEventListener('deleted', ({ data }) => {
  const gone = new Set(JSON.parse(data).sids);
  for (const [number, thread] of threads) {
    const left = thread.filter(({ sid }) => !gone.has(sid));
    if (left.length) threads.set(number, left);
    else {
      threads.delete(number);
      unread.delete(number);
    }
  }
  choose(threads.has(chosen) ? chosen : null);
});

let searching;
search.addEventListener('input', () => {
  clearTimeout(searching);
  searching = setTimeout(async () => {
    const words = search.value.trim();
    if (!words) matches = null;
    else {
      const answer = await fetch(`/inbox/api/messages?${new URLSearchParams({ search: words })}`);
      matches = new Set((await answer.json()).map(({ to }) => to));
      say(`${matches.size} ${matches.size === 1 ? 'phone matches' : 'phones match'}`);
    }
    draw();
  }, 120);
});
phones.addEventListener('click', ({ target }) => {
  const number = target.closest('.phone')?.dataset.number;
  if (number) choose(number, true);
});
phones.addEventListener('keydown', (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const all = [...phones.querySelectorAll('.phone')];
  const next = all[all.indexOf(document.activeElement) + step];
  next?.focus();
  if (next && !narrow.matches) choose(next.dataset.number);
});
const back = () => {
  const before = chosen;
  choose(null);
  phones.querySelector(`[data-number="${CSS.escape(before ?? '')}"]`)?.focus();
};
by('back').addEventListener('click', back);
by('delete-thread').addEventListener('click', () =>
  fetch(`/inbox/api/messages?${new URLSearchParams({ to: chosen })}`, { method: 'DELETE' }),
);
by('delete-all').addEventListener('click', () => {
  if (confirm('Delete the messages of all phones?')) fetch('/inbox/api/messages', { method: 'DELETE' });
});
by('sample').addEventListener('click', ({ target }) => {
  navigator.clipboard?.writeText(target.textContent.replaceAll(' ', '')).then(() => say('Number copied'));
});
addEventListener('hashchange', () => {
  const number = decodeURIComponent(location.hash.slice(1));
  if (threads.has(number)) choose(number);
});
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape' && event.target === search) {
    search.value = '';
    search.dispatchEvent(new Event('input'));
    search.blur();
  } else if (event.key === 'Escape' && narrow.matches && chosen) back();
  else if (event.key === '/' && event.target !== search) {
    event.preventDefault();
    search.focus();
  }
});
