/** Shows where the mocks listen and each exchange as it happens; makes people up, arms faults, moves the clock. */
const element = (name, text, className) =>
  Object.assign(document.createElement(name), { textContent: text, className: className ?? '' });
const at = (id) => document.getElementById(id);
// The token of the run comes behind the # of the address, which is sent to nobody, and is then kept in this tab alone.
const given = location.hash.slice(1);
if (given) {
  sessionStorage.setItem('token', given);
  history.replaceState(null, '', location.pathname);
}
const token = sessionStorage.getItem('token');
const ask = async (method, path, body) => {
  const answer = await fetch(path, {
    method,
    headers: {
      ...(token && { 'x-conformance-token': token }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const json = await answer.json();
  if (answer.status === 401)
    throw new Error(
      'This needs the token of the run: open the address of the dashboard as it was printed, with what stands behind #.',
    );
  if (!answer.ok) throw new Error(json.message ?? `${method} ${path} answered ${answer.status}`);
  return json;
};

const state = await ask('GET', '/state');
const addresses = {
  'Logto issuer': state.issuer,
  'Discovery document': `${state.issuer}/.well-known/openid-configuration`,
  Twilio: state.carrierOrigin,
  'Inbox of text messages': `${state.carrierOrigin}/inbox`,
  'Numbers that cause an error': `${state.carrierOrigin}/inbox#help`,
  'Control API': `${location.origin}/openapi.json`,
};
for (const [name, url] of Object.entries(addresses)) {
  const value = element('dd', '');
  value.append(Object.assign(element('a', url), { href: url }));
  at('addresses').append(element('dt', name), value);
}
const { settings } = await ask('GET', '/settings').catch(() => ({ settings: {} }));
at('env').textContent = Object.entries({ AUTH_LOGTO_ISSUER: state.issuer, ...settings, ...state.twilio })
  .map(([name, value]) => `${name}=${value}`)
  .join('\n');
at('copy').addEventListener('click', async () => {
  await navigator.clipboard.writeText(at('env').textContent);
  at('copied').textContent = 'Copied';
});

// people
at('add-person').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const text = (name) => String(form.get(name) ?? '').trim() || undefined;
  try {
    const person = await ask('POST', '/people', {
      name: text('name'),
      email: text('email'),
      registered: form.has('registered'),
    });
    const row = element('li', '');
    const inbox = Object.assign(element('a', 'messages'), {
      href: `${state.carrierOrigin}/inbox#${encodeURIComponent(person.phone)}`,
    });
    row.append(
      element('strong', person.phone),
      ` ${person.name ?? 'without a name'}, ${person.userId ? 'known to Logto' : 'new'} `,
      inbox,
    );
    at('people').prepend(row);
    at('people-told').textContent = `Sign in with ${person.phone}.`;
    event.target.reset();
  } catch (error) {
    at('people-told').textContent = error.message;
  }
});

// faults and clock: a scope of this browser, which the issuer reads from a cookie; ports make no difference to cookies
const COOKIE = 'conformance_scope';
const DAY_MS = 24 * 60 * 60_000;
const known = await ask('GET', '/faults');
/** What this browser armed before, on this page or another of it; it holds until it is healed. */
const kept = document.cookie
  .split('; ')
  .find((pair) => pair.startsWith(`${COOKIE}=`))
  ?.slice(COOKIE.length + 1);
const open = state.scopes.find(({ id }) => id === kept);
const armed = new Set(open?.faults.map((fault) => fault.fault ?? fault));
let scope = open?.id;
let exclusive = Boolean(open?.exclusive);
let ahead = Math.round((open?.offsetMs ?? 0) / 1000);

async function openScope(willArm) {
  if (scope) await ask('DELETE', `/scopes/${scope}`).catch(() => {});
  exclusive = willArm.length > 0;
  scope = (await ask('POST', '/scopes', { label: 'person', willArm, leaseMs: DAY_MS })).id;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in some browsers
  document.cookie = `${COOKIE}=${scope}; path=/; samesite=lax`;
}

function tellArmed() {
  at('scope').textContent = armed.size ? `Armed: ${[...armed].join(', ')}.` : 'Nothing is armed.';
}
const tellClock = () => {
  at('clock').textContent = ahead ? `${Math.round(ahead / 60)} min ahead` : '';
};
tellArmed();
tellClock();

async function arm() {
  const wanted = [...armed];
  const global = wanted.filter((name) => known.find((fault) => fault.name === name)?.exclusive);
  try {
    if (!scope || exclusive !== global.length > 0) await openScope(global);
    await ask('PUT', `/scopes/${scope}/faults`, wanted);
    tellArmed();
  } catch (error) {
    at('scope').textContent = error.message;
  }
}

const SHOWN_MAX = 40;
function showFaults() {
  const words = at('find').value.toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = known.filter(
    ({ name, title }) =>
      armed.has(name) || words.every((word) => `${name} ${title}`.toLowerCase().includes(word)),
  );
  fitting.sort((a, b) => Number(armed.has(b.name)) - Number(armed.has(a.name)));
  at('faults').replaceChildren(
    ...fitting.slice(0, SHOWN_MAX).map(({ name, title, exclusive: global }) => {
      const label = element('label', '', 'check');
      const box = Object.assign(element('input', ''), { type: 'checkbox', checked: armed.has(name) });
      box.addEventListener('change', () => {
        if (box.checked) armed.add(name);
        else armed.delete(name);
        arm();
      });
      label.append(box, element('code', name), ` ${title}${global ? ' ⚠' : ''}`);
      const row = element('li', '');
      row.append(label);
      return row;
    }),
    ...(fitting.length > SHOWN_MAX
      ? [element('li', `and ${fitting.length - SHOWN_MAX} more: narrow the search`, 'quiet')]
      : []),
  );
}
at('find').addEventListener('input', showFaults);
at('heal').addEventListener('click', async () => {
  armed.clear();
  await arm();
  showFaults();
});
showFaults();

for (const button of document.querySelectorAll('[data-seconds]'))
  button.addEventListener('click', async () => {
    if (!scope) await openScope([]);
    await ask('POST', `/scopes/${scope}/clock`, { seconds: Number(button.dataset.seconds) });
    ahead += Number(button.dataset.seconds);
    tellClock();
  });

const { total, people } = await ask('GET', '/people');
at('seeded').hidden = total === 0;
at('count').textContent = total > people.length ? `The first ${people.length} of ${total}.` : '';
for (const { name, phone, email, username, roles } of people) {
  const row = element('tr', '');
  row.append(...[name, phone, email, username, roles.join(', ')].map((text) => element('td', text ?? '')));
  at('known').append(row);
}

// journal
const LINES_MAX = 300;
const NAMES = { browser: 'Browser', app: 'App', issuer: 'Logto', carrier: 'Twilio', harness: 'Harness' };
const wire = ({ headers, body }) => {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((each) => `${name}: ${each}`),
  );
  const text =
    body === null || body === undefined
      ? ''
      : typeof body === 'string'
        ? body
        : JSON.stringify(body, null, 2);
  const pre = element('pre', `${lines.join('\n')}${text ? `\n\n${text}` : ''}`);
  pre.tabIndex = 0;
  return pre;
};
new EventSource('/journal/stream').addEventListener('message', ({ data }) => {
  const entry = JSON.parse(data);
  at('empty').hidden = true;
  const { pathname, search } = new URL(entry.url, location.origin);
  const bad = entry.status === null || entry.status >= 400;
  const row = element('li', '');
  const details = element('details', '');
  const summary = element('summary', '');
  summary.append(
    element('span', entry.at.slice(11, 23), 'when'),
    element('span', `${NAMES[entry.from]} → ${NAMES[entry.to]}`, `lane from-${entry.from}`),
    element('span', `${entry.method} ${pathname}`, 'path'),
    element('span', search.length > 60 ? `${search.slice(0, 60)}…` : search, 'quiet query'),
    element('span', entry.status ?? 'no answer', bad ? 'bad' : 'status'),
    ...entry.faults.map((fault) => element('span', `⚡ ${fault}`, 'fault')),
  );
  details.append(summary);
  details.addEventListener(
    'toggle',
    () =>
      details.append(
        element('h3', 'Request'),
        element('p', `${entry.method} ${entry.url}`, 'url'),
        wire(entry.request),
        element('h3', `Response ${entry.status ?? '(none)'}`),
        wire(entry.response),
      ),
    { once: true },
  );
  row.append(details);
  at('journal').prepend(row);
  while (at('journal').children.length > LINES_MAX) at('journal').lastChild.remove();
});
