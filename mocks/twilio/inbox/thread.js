/** Draws one thread: bubbles with the code, and what became of the messages that reached nobody. */

import { detailsOf, fillDetails, statusMark } from './details.js';
import { copy, dayName, element, exactTime } from './element.js';

/** Usage types of Logto's connectors, as people say them. */
const TYPES = {
  SignIn: 'Sign-in',
  Register: 'Sign-up',
  ForgotPassword: 'Forgotten password',
  Generic: 'Generic',
  OrganizationInvitation: 'Invitation',
  UserPermissionValidation: 'Permission',
  BindNewIdentifier: 'New identifier',
  MfaVerification: 'Second factor',
  BindMfa: 'Add second factor',
};
/** Thread of which only the latest are drawn, so that the page stays quick. */
const DRAWN = 200;

const nameOf = (type) => TYPES[type] ?? type;
/** What the message was: its template, and what was asked for where that is another. */
export function typeOf({ template, templates = [], usageType }) {
  if (template && usageType && usageType !== template)
    return `${nameOf(usageType)} (${nameOf(template)} text)`;
  if (template) return nameOf(template);
  return templates.length ? templates.map(nameOf).join(' or ') : 'No known template';
}

/** Where the code stands in the text: there it may be in groups (`482 913`). */
function placeOf({ body, code }) {
  if (!code) return null;
  return new RegExp([...code].join('[ \\u00a0-]?')).exec(body);
}

/** The text with its code emphasised. */
function textOf(message) {
  const { body } = message;
  const found = placeOf(message);
  if (!found) return element('p', { class: 'text', dir: 'auto' }, body);
  const end = found.index + found[0].length;
  return element(
    'p',
    { class: 'text', dir: 'auto' },
    body.slice(0, found.index),
    element('b', {}, found[0]),
    body.slice(end),
  );
}

function codeOf({ code }) {
  if (!code) return null;
  const digits = element('output', { class: 'digits', 'aria-label': `Code ${[...code].join(' ')}` }, code);
  const button = element(
    'button',
    { type: 'button', class: 'copy', 'aria-label': `Copy code ${code}` },
    'Copy',
  );
  button.addEventListener('click', async () => {
    button.textContent = (await copy(code, 'Code', digits)) ? 'Copied' : 'Copy';
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 1500);
  });
  return element('div', { class: 'code' }, digits, button);
}

function arrived(message) {
  const { sid, copy: place, segments, encoding, at, status } = message;
  return element(
    'li',
    { class: 'message', 'data-sid': sid },
    element('div', { class: 'bubble' }, textOf(message), codeOf(message)),
    element(
      'div',
      { class: 'meta' },
      element('span', { class: 'type' }, typeOf(message)),
      place > 1 ? element('span', { class: 'type' }, `copy ${place}`) : null,
      statusMark(status),
      element('time', { datetime: at, title: at }, exactTime(at)),
      element('span', {}, `${segments} ${segments === 1 ? 'segment' : 'segments'}, ${encoding}`),
    ),
    detailsOf(sid),
  );
}

/** A message that reached no phone: why, before what it said. */
function failed(attempt) {
  const { id, kind, code, http, reason, moreInfo, body, at } = attempt;
  const outcome = kind === 'refused' ? 'Refused by the carrier' : 'Taken, but never delivered';
  const more = moreInfo
    ? element('a', { href: moreInfo, target: '_blank', rel: 'noreferrer' }, `About ${code}`)
    : null;
  return element(
    'li',
    { class: 'message failed', 'data-sid': id },
    element(
      'div',
      { class: 'bubble' },
      element(
        'p',
        { class: 'outcome' },
        element('strong', {}, outcome),
        code ? element('span', { class: 'error-code' }, String(code)) : null,
        kind === 'refused' && http ? element('span', { class: 'http' }, `HTTP ${http}`) : null,
      ),
      element('p', { class: 'reason' }, reason, ' ', more),
      body ? element('blockquote', { class: 'text', dir: 'auto' }, body) : null,
    ),
    element(
      'div',
      { class: 'meta' },
      element('span', { class: 'type' }, typeOf(attempt)),
      element('time', { datetime: at, title: at }, exactTime(at)),
    ),
    detailsOf(id),
  );
}

/** Shows a thread; what is drawn already stays as it is, opened details too. */
export function showThread(list, number, thread) {
  const scroller = list.parentElement;
  const left = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
  // Whoever reads further up is left there.
  const follow = list.dataset.thread !== number || left < 80;
  list.dataset.thread = number;
  const shown = thread.slice(-DRAWN);
  const drawn = new Map([...list.children].map((item) => [item.dataset.key, item]));
  const wanted = new Map();
  const put = (key, make) => {
    let free = key;
    while (wanted.has(free)) free += '+';
    const item = drawn.get(free) ?? make();
    item.dataset.key = free;
    wanted.set(free, item);
  };
  let day;
  for (const item of shown) {
    const name = dayName(item.at);
    if (name !== day) put(`day/${name}`, () => element('li', { class: 'day' }, element('span', {}, name)));
    day = name;
    put(`${item.id ?? item.sid}/${item.copy ?? 1}`, () => (item.kind ? failed(item) : arrived(item)));
  }
  for (const item of [...list.children]) if (!wanted.has(item.dataset.key)) item.remove();
  // Nodes that stand right are not moved, for whoever is in one of them would lose the focus.
  let next = list.firstElementChild;
  for (const item of wanted.values()) {
    if (item === next) next = next.nextElementSibling;
    else list.insertBefore(item, next);
  }
  if (follow) scroller.scrollTop = scroller.scrollHeight;
}

/** Keeps the status marks of a list of bubbles up to date. */
export function followStatus(list, { sid, status }) {
  for (const item of list.querySelectorAll(`[data-sid="${CSS.escape(sid)}"]`)) {
    item.querySelector('.meta .status')?.replaceWith(statusMark(status));
    const details = item.querySelector('details');
    if (details.open) fillDetails(details, sid);
  }
}
