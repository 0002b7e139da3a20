/** The inbox page: keeps the threads in step with the server's event stream; `thread.js` draws one thread. */
import { by, copy, countryName, element, say, shortTime } from './element.js';
import { mountHelp, openHelp } from './help.js';
import { followStatus, showThread } from './thread.js';

const [main, phones, bubbles, search] = ['main', 'phones', 'bubbles', 'search'].map(by);
// A region that scrolls must be reachable by keyboard.
by('scroller').tabIndex = 0;
const narrow = matchMedia('(max-width: 720px)');

/** Messages and failed attempts by number, the thread of the latest last. */
let threads = new Map();
const unread = new Map();
let chosen = null;
/** Numbers that the search found; null when nothing is searched for. */
let matches = null;

/** Thread of what was sent to no number at all. */
const NOBODY = 'No number';
const threadOf = ({ to }) => to || NOBODY;
const idOf = ({ id, sid }) => id ?? sid;
/** Copies of one message are items of their own. */
const sameItem = (a, b) => idOf(a) === idOf(b) && a.copy === b.copy;
const shownNumber = (number) => threads.get(number)?.at(-1).number || number;

/** What the page keeps; the server has the rest. */
const KEPT = { threads: 1000, messages: 500 };

function put(item) {
  const key = threadOf(item);
  const thread = threads.get(key) ?? [];
  thread.push(item);
  if (thread.length > KEPT.messages) thread.shift();
  // The newest thread stands first.
  threads.delete(key);
  threads.set(key, thread);
  if (threads.size <= KEPT.threads) return;
  const oldest = threads.keys().next().value;
  if (oldest !== chosen) threads.delete(oldest);
  unread.delete(oldest);
}

function phoneItem([number, thread]) {
  const last = thread.at(-1);
  const count = unread.get(number) ?? 0;
  const snippet = last.kind
    ? element('span', { class: 'snippet bad' }, `${last.code ? `${last.code} ` : ''}${last.reason}`)
    : element('span', { class: 'snippet' }, last.body);
  const code = last.code && !last.kind ? element('span', { class: 'last-code' }, String(last.code)) : null;
  const button = element(
    'button',
    { type: 'button', class: 'phone', 'data-number': number, 'aria-current': String(number === chosen) },
    element('span', { class: 'country', 'aria-hidden': 'true' }, last.country ?? '–'),
    element(
      'span',
      { class: 'line' },
      element('strong', {}, shownNumber(number)),
      element('time', { datetime: last.at }, shortTime(last.at)),
    ),
    element(
      'span',
      { class: 'line' },
      snippet,
      code,
      count
        ? element('span', { class: 'count', role: 'img', 'aria-label': `${count} new` }, String(count))
        : null,
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
  const waiting = [...unread.values()].reduce((sum, count) => sum + count, 0);
  document.title = waiting ? `(${waiting}) Inbox` : 'Inbox';
}

const many = (count, one, more) => (count ? `${count} ${count === 1 ? one : more}` : null);

function choose(number, focus = false) {
  chosen = number;
  unread.delete(number);
  const hash = number ? `#${encodeURI(number)}` : '';
  if (location.hash !== hash) history.replaceState(null, '', hash || location.pathname);
  draw();
  if (!number) return;
  const thread = threads.get(number) ?? [];
  by('thread-title').textContent = shownNumber(number);
  const lost = thread.filter(({ kind }) => kind).length;
  const country = countryName(thread.at(-1)?.country);
  by('thread-note').replaceChildren(
    element('span', { class: 'wide' }, country ? `${country} · ` : ''),
    [many(thread.length - lost, 'message', 'messages'), many(lost, 'failed', 'failed')]
      .filter(Boolean)
      .join(' · '),
  );
  showThread(bubbles, number, thread);
  if (focus && narrow.matches) by('thread-title').focus();
}

async function load() {
  const read = async (what) => (await fetch(`/inbox/api/${what}`)).json();
  const lists = await Promise.all(['messages', 'attempts'].map(read));
  threads = new Map();
  for (const item of lists.flat().sort((a, b) => Date.parse(a.at) - Date.parse(b.at))) put(item);
  const wanted = chosen ?? decodeURIComponent(location.hash.slice(1));
  if (threads.has(wanted)) choose(wanted);
  else if (!narrow.matches && threads.size) choose([...threads.keys()].at(-1));
  else choose(null);
}

/** What arrived and is not drawn yet. */
const fresh = [];

function arrive(item, words) {
  const number = threadOf(item);
  const known = threads.get(number)?.some((one) => sameItem(one, item));
  if (known) return;
  put(item);
  if (number !== chosen) unread.set(number, (unread.get(number) ?? 0) + 1);
  fresh.push({ number, words });
  // A crowd of messages is drawn once; not by frames, for a hidden tab has none, and its title counts what is new.
  if (fresh.length === 1) setTimeout(show, 25);
}

function show() {
  const arrived = fresh.splice(0);
  const latest = arrived.at(-1);
  if (chosen === null && !narrow.matches) choose(latest.number);
  else if (arrived.some(({ number }) => number === chosen)) choose(chosen);
  else draw();
  say(arrived.length === 1 ? latest.words : `${arrived.length} new messages. ${latest.words}`);
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
  if (!message) return;
  const code = message.code ? `, code ${[...message.code].join(' ')}` : '';
  arrive(message, `New message to ${message.number}${code}`);
});
stream.addEventListener('attempt', ({ data }) => {
  const { attempt } = JSON.parse(data);
  arrive(attempt, `A message to ${attempt.number || 'no number'} was ${attempt.kind}: ${attempt.reason}`);
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
    const left = thread.filter((item) => !gone.has(idOf(item)));
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
      const query = new URLSearchParams({ search: words });
      const find = async (what) => (await fetch(`/inbox/api/${what}?${query}`)).json();
      const found = await Promise.all(['messages', 'attempts'].map(find));
      matches = new Set(found.flat().map(threadOf));
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
  const all = [...phones.querySelectorAll('.phone')];
  const here = all.indexOf(document.activeElement);
  const place = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 }[event.key];
  if (place === undefined) return;
  event.preventDefault();
  const next = all[place];
  next?.focus();
  if (next && !narrow.matches) choose(next.dataset.number);
});
const back = () => {
  const before = chosen;
  choose(null);
  phones.querySelector(`[data-number="${CSS.escape(before ?? '')}"]`)?.focus();
};
by('back').addEventListener('click', back);
by('delete-thread').addEventListener('click', () => {
  const to = chosen === NOBODY ? '' : chosen;
  return fetch(`/inbox/api/messages?${new URLSearchParams({ to })}`, { method: 'DELETE' });
});
by('delete-all').addEventListener('click', () => {
  if (confirm('Delete the messages of all phones?')) fetch('/inbox/api/messages', { method: 'DELETE' });
});
by('sample').addEventListener('click', ({ target }) => copy('+12015550123', 'Number', target));
addEventListener('hashchange', () => {
  const number = decodeURIComponent(location.hash.slice(1));
  if (threads.has(number)) choose(number);
});
mountHelp();
// The dashboard links here.
if (location.hash === '#help') {
  history.replaceState(null, '', location.pathname);
  openHelp();
}

function copyLatest() {
  const latest = [...bubbles.querySelectorAll('.digits')].at(-1);
  if (latest) copy(latest.textContent, 'Code', latest);
  else say('There is no code in this thread');
}
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || by('help').open) return;
  const typing = event.target.matches?.('input, textarea');
  if (event.key === 'Escape' && event.target === search) {
    search.value = '';
    search.dispatchEvent(new Event('input'));
    search.blur();
  } else if (event.key === 'Escape' && narrow.matches && chosen) back();
  else if (typing) return;
  else if (event.key === '?') openHelp();
  else if (event.key === 'c') copyLatest();
  else if (event.key === '/') {
    event.preventDefault();
    search.focus();
  }
});
