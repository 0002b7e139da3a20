/** Draws one thread: bubbles with the code, what the message was, and on demand its request and answer. */

/** An element with attributes and children; texts are never read as HTML. */
export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children.filter((child) => child !== null));
  return node;
}

/** `+12015550123` → `+1 201 555 0123`; other countries keep their digits together. */
export const prettyNumber = (number) => number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, '+1 $1 $2 $3');

const timeOf = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const dayOf = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });
const exact = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
/** The time of today's messages, the day of older ones. */
export const shortTime = (iso) => {
  const date = new Date(iso);
  return (date.toDateString() === new Date().toDateString() ? timeOf : dayOf).format(date);
};

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

async function copy(text, button, say) {
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
    say('Code copied');
  } catch {
    const range = document.createRange();
    range.selectNodeContents(button.previousElementSibling);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    button.textContent = 'Press Ctrl+C';
    say('The code is selected: copy it with Ctrl+C');
  }
  setTimeout(() => {
    button.textContent = before;
  }, 1500);
}

/** The text with its code emphasised. */
function textOf({ body, code }) {
  const at = code ? body.indexOf(code) : -1;
  if (at < 0) return element('p', { class: 'text', dir: 'auto' }, body);
  return element(
    'p',
    { class: 'text', dir: 'auto' },
    body.slice(0, at),
    element('b', {}, code),
    body.slice(at + code.length),
  );
}

const statusMark = (status) => element('span', { class: 'status', 'data-status': status }, status);

const timelineOf = (timeline) =>
  element(
    'ol',
    { class: 'timeline', 'aria-label': 'Status over time' },
    ...timeline.map(({ status, at }) =>
      element(
        'li',
        { 'data-status': status },
        element('b', {}, status),
        element('time', { datetime: at }, exact.format(new Date(at))),
      ),
    ),
  );

const block = (title, text) =>
  element('section', {}, element('h3', {}, title), element('pre', { tabindex: '0' }, text));

async function fillDetails(details, sid) {
  const place = details.querySelector('.inside');
  const answer = await fetch(`/inbox/api/messages/${sid}`);
  if (!answer.ok) return place.replaceChildren('This message is gone.');
  const { timeline, request, answer: created, priceClass, price, errorCode } = await answer.json();
  const facts = [`Price class ${priceClass}`, price ? `USD ${price.replace('-', '')}` : 'no price yet', sid];
  if (errorCode) facts.splice(2, 0, `error ${errorCode}`);
  place.replaceChildren(timelineOf(timeline), element('p', { class: 'facts' }, facts.join(' · ')));
  if (!request) return;
  const lines = Object.entries(request.form).flatMap(([name, value]) =>
    [value].flat().map((one) => `${name}=${one}`),
  );
  place.append(
    block('Request', `${request.method} ${request.url}\n\n${lines.join('\n')}`),
    block(`Answer ${created.status}`, JSON.stringify(created.body, null, 2)),
  );
}

function bubble(message, say) {
  const { sid, code, template, segments, encoding, at, status } = message;
  const copyButton = code ? element('button', { type: 'button', class: 'copy' }, 'Copy') : null;
  copyButton?.setAttribute('aria-label', `Copy code ${code}`);
  copyButton?.addEventListener('click', () => copy(code, copyButton, say));
  const details = element(
    'details',
    {},
    element('summary', {}, 'Details'),
    element('div', { class: 'inside' }, 'Loading…'),
  );
  details.addEventListener('toggle', () => details.open && fillDetails(details, sid));
  return element(
    'li',
    { class: 'message', 'data-sid': sid },
    element(
      'div',
      { class: 'bubble' },
      textOf(message),
      code
        ? element(
            'p',
            { class: 'code' },
            element('output', { class: 'digits', 'aria-label': `Code ${[...code].join(' ')}` }, code),
            copyButton,
          )
        : null,
    ),
    element(
      'div',
      { class: 'meta' },
      element('span', { class: 'type' }, template ? (TYPES[template] ?? template) : 'No known template'),
      element('span', {}, `${segments} ${segments === 1 ? 'segment' : 'segments'}, ${encoding}`),
      element('time', { datetime: at, title: at }, exact.format(new Date(at))),
      statusMark(status),
    ),
    details,
  );
}

/** Shows a thread; what is drawn already stays as it is, opened details too. */
export function showThread(list, thread, say) {
  const shown = thread.slice(-DRAWN);
  const keys = shown.map(({ sid, at }) => `${sid}/${at}`);
  const drawn = new Map([...list.children].map((item) => [item.dataset.key, item]));
  const wanted = new Set();
  const items = shown.map((message, index) => {
    let key = keys[index];
    while (wanted.has(key)) key += '+';
    wanted.add(key);
    const item = drawn.get(key) ?? bubble(message, say);
    item.dataset.key = key;
    return item;
  });
  for (const item of [...list.children]) if (!wanted.has(item.dataset.key)) item.remove();
  for (const item of items) if (!item.isConnected) list.append(item);
  const scroller = list.parentElement;
  scroller.scrollTop = scroller.scrollHeight;
}

/** Keeps the status marks of a list of bubbles up to date. */
export function followStatus(list, { sid, status }) {
  for (const item of list.querySelectorAll(`[data-sid="${CSS.escape(sid)}"]`)) {
    item.querySelector('.status').replaceWith(statusMark(status));
    const details = item.querySelector('details');
    if (details.open) fillDetails(details, sid);
  }
}
