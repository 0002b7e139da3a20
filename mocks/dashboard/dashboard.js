/** Shows where the mocks listen, and each exchange as it happens. */
const element = (name, text, className) =>
  Object.assign(document.createElement(name), { textContent: text, className: className ?? '' });
const at = (id) => document.getElementById(id);

const state = await (await fetch('/state')).json();
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
const { settings } = await (await fetch('/settings')).json().catch(() => ({ settings: {} }));
at('env').textContent = Object.entries({ AUTH_LOGTO_ISSUER: state.issuer, ...settings, ...state.twilio })
  .map(([name, value]) => `${name}=${value}`)
  .join('\n');
at('copy').addEventListener('click', async () => {
  await navigator.clipboard.writeText(at('env').textContent);
  at('copied').textContent = 'Copied';
});

const { total, people } = await (await fetch('/people')).json();
at('people').closest('section').hidden = total === 0;
at('count').textContent = total > people.length ? `The first ${people.length} of ${total}.` : '';
for (const { name, phone, email, username, roles } of people) {
  const row = element('tr', '');
  row.append(...[name, phone, email, username, roles.join(', ')].map((text) => element('td', text ?? '')));
  at('people').append(row);
}

const LINES_MAX = 300;
new EventSource('/journal/stream').addEventListener('message', ({ data }) => {
  const entry = JSON.parse(data);
  at('empty').hidden = true;
  at('journal').closest('table').hidden = false;
  const row = element('tr', '');
  const { pathname, search } = new URL(entry.url, location.origin);
  const bad = entry.status === null || entry.status >= 400;
  row.append(
    element('td', entry.at.slice(11, 23)),
    element('td', entry.from),
    element('td', entry.to),
    element('td', `${entry.method} ${pathname}${search}`),
    element('td', entry.status ?? 'no answer', bad ? 'bad' : ''),
    element('td', entry.faults.join(', ')),
  );
  at('journal').prepend(row);
  while (at('journal').children.length > LINES_MAX) at('journal').lastChild.remove();
});
