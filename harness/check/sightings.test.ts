import { describe, expect, it } from 'vitest';
import { type Issued, issuedOf } from '../../mocks/issued.ts';
import type { Exchange } from '../../mocks/journal.ts';
import type { RawExchange } from '../user-agents/raw-exchange.ts';
import { noteResealed } from '../visitor/resealed.ts';
import { addToIndex, type IssuedIndex, issuedIn } from './issued-in.ts';
import { noteSightings } from './sightings.ts';

const ADA = {
  phone: '+12015550123',
  userId: 'ada0user1234',
  email: 'ada@people.example',
  name: 'Ada Quill482',
};
const EVE = {
  phone: '+12015550199',
  userId: 'eve0user9876',
  email: 'eve@people.example',
  name: 'Eve Rook731',
};
const TOKEN = 'x9-Opaque_Access.Token~0123456789abcdef';
const JWT = `eyJhbGciOiJFUzM4NCJ9.${Buffer.from(JSON.stringify({ sub: ADA.userId, phone_number: '12015550123' })).toString('base64url')}.c2ln`;

const index: IssuedIndex = new Map();
const own = (kind: Issued['kind'], value: string): Issued => ({
  kind,
  value,
  owner: '12015550123',
  scope: 's',
});
addToIndex(index, [
  ...issuedOf(ADA),
  ...issuedOf(EVE),
  own('access token', TOKEN),
  own('ID token', JWT),
  own('one-time code', '482913'),
  { ...own('one-time code', '222222'), scope: 'other' },
]);

const raw = (part: {
  url?: string;
  sent?: Record<string, string>;
  form?: string;
  headers?: Record<string, string | string[]>;
  body?: string;
}): RawExchange => ({
  url: part.url ?? 'http://localhost:3000/page',
  request: { headers: part.sent ?? {}, body: part.form ?? null },
  response: { headers: part.headers ?? {}, body: part.body ?? '' },
  exchange: {
    seq: 1,
    at: '',
    scope: 's',
    url: part.url ?? '',
    request: { headers: {}, body: null },
    response: { headers: {}, body: null },
    faults: [],
    facts: {},
  } as unknown as Exchange,
});

const sightingsIn = (part: Parameters<typeof raw>[0], person: string | null = '12015550123') => {
  const one = raw(part);
  noteSightings([{ raw: one, person }], index);
  return (one.exchange.sightings ?? []).map(({ kind, where, form }) => `${kind} ${where} ${form}`);
};

const rsc = (text: string) =>
  `<script>self.__next_f.push([1,"${text.slice(0, 20)}"])</script><script>self.__next_f.push([1,"${text.slice(20)}"])</script>`;

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** A cookie as Auth.js cuts a large one, in the middle of what it holds. */
const chunks = (value: string) =>
  [value.slice(0, 51), value.slice(51)].map(
    (piece, index) => `authjs.session-token.${index}=${piece}; Path=/; HttpOnly`,
  );

describe('a token is found', () => {
  it.each([
    ['in JSON', { body: JSON.stringify({ user: { accessToken: TOKEN } }) }, 'access token body as it is'],
    [
      'in __NEXT_DATA__',
      { body: `<script id="__NEXT_DATA__">{"t":"${TOKEN}"}</script>` },
      'access token body as it is',
    ],
    ['in pieces of an RSC payload', { body: rsc(`{"token":"${TOKEN}"}`) }, 'access token body as it is'],
    ['as base64', { body: Buffer.from(`t=${TOKEN}`).toString('base64') }, 'access token body base64'],
    [
      'as base64url in base64',
      { body: Buffer.from(Buffer.from(TOKEN).toString('base64url')).toString('base64') },
      'access token body base64',
    ],
    ['in hexadecimal digits', { body: Buffer.from(TOKEN).toString('hex') }, 'access token body hexadecimal'],
    [
      'percent-encoded',
      { body: encodeURIComponent(`{"t":"${TOKEN}"}`) },
      'access token body percent-encoded',
    ],
    [
      'behind HTML escapes',
      { body: `data-x="{&quot;t&quot;:&quot;${TOKEN}&quot;}"` },
      'access token body as it is',
    ],
    ['in a header', { headers: { 'x-token': TOKEN } }, 'access token header as it is'],
    [
      'in a cookie for scripts',
      { headers: { 'set-cookie': `t=${TOKEN}; Path=/` } },
      'access token script cookie as it is',
    ],
    [
      'in an HttpOnly cookie',
      { headers: { 'set-cookie': [`t=${TOKEN}; Path=/; HttpOnly`] } },
      'access token cookie as it is',
    ],
    [
      'in a signed session cookie that is cut in two',
      {
        headers: {
          'set-cookie': chunks(`eyJhbGciOiJIUzI1NiJ9.${base64url({ sub: 'x', accessToken: TOKEN })}.c2ln`),
        },
      },
      'access token cookie base64',
    ],
    [
      'in the address of a redirect',
      { headers: { location: `/x?t=${TOKEN}` } },
      'access token address as it is',
    ],
    ['far behind the first 4 KB', { body: `${'x '.repeat(40_000)}${TOKEN}` }, 'access token body as it is'],
  ])('%s', (_, part, expected) => {
    expect(sightingsIn(part)).toContain(expected);
  });
});

it.each(['/members/ada0user1234.json', '/avatars/ada0user1234.png', 'user-ada0user1234', 'ada0user1234@2x'])(
  'finds an id with a beginning or an end that is not its own: %s',
  (text) => {
    expect(sightingsIn({ body: text })).toContain('user id body as it is');
    const raws = [raw({ url: `http://localhost:3000/_next/data/x/${text}` })];
    noteSightings(
      raws.map((each) => ({ raw: each, person: null })),
      index,
    );
    expect(raws[0]?.exchange.entitled).toHaveLength(1);
  },
);

describe('an ID token that an address takes back to the issuer', () => {
  const END = `https://logto.example/oidc/session/end?id_token_hint=${JWT}&client_id=app`;
  const hintsIn = (part: Parameters<typeof raw>[0]) => {
    const one = raw(part);
    noteSightings([{ raw: one, person: null }], index);
    return (one.exchange.sightings ?? []).flatMap(({ kind, isHint }) =>
      kind === 'ID token' ? [isHint ?? false] : [],
    );
  };
  it.each([
    ['the header of a server action', { headers: { 'x-action-redirect': `${END};push` } }],
    ['the JSON of a form action', { body: JSON.stringify({ type: 'redirect', location: END }) }],
    ['a link that is encoded', { body: `<a href="/out?to=${encodeURIComponent(END)}">` }],
  ])('is a hint in %s', (_, part) => {
    expect(hintsIn(part)).toEqual([true]);
  });
  it('is none where it stands elsewhere, too', () => {
    expect(hintsIn({ body: JSON.stringify({ location: END, idToken: JWT }) })).toEqual([false]);
    expect(hintsIn({ body: JSON.stringify({ id_token: JWT }) })).toEqual([false]);
  });
});

it('reads the password of an address, whatever characters it has', () => {
  const index: IssuedIndex = new Map();
  addToIndex(index, [{ kind: 'client secret', value: 'a-secret.of_ours-01', owner: null, scope: null }]);
  expect(issuedIn('{"server":"https://desk:a-secret.of_ours-01@internal/v1"}', index)).toHaveLength(1);
});
it('reads what a part of a token says', () => {
  const found = sightingsIn({ body: JWT.split('.')[1] });
  expect(found).toContain('user id body base64');
  expect(found).toContain('phone number body base64');
});

it.each(['+1 201 555 0123', '+1 (201) 555-0123', '12015550123', '%2B12015550123'])(
  'finds a number written %s',
  (text) => {
    expect(sightingsIn({ body: `<p>${text}</p>` }).join()).toContain('phone number body');
  },
);

it('looks for one-time codes of the scope only, and not inside of other words', () => {
  expect(sightingsIn({ body: '{"code":"482913"}' })).toEqual(['one-time code body as it is']);
  expect(sightingsIn({ body: 'color: #482913; a 222222 b 1482913' })).toEqual([]);
});

it('takes a number of the request that was counted up for no number of somebody, and the same unasked for one', () => {
  const counted = (sent: Record<string, string>) => {
    const one = raw({
      sent,
      headers: { 'set-cookie': 'visits=12015550199' },
      body: '<p>Visit 12015550199</p>',
    });
    noteSightings([{ raw: one, person: null }], neighbours);
    return (one.exchange.sightings ?? []).filter(({ side }) => side === 'response').length;
  };
  const neighbours: IssuedIndex = new Map();
  addToIndex(neighbours, [...issuedOf({ ...ADA, phone: '+12015550198' }), ...issuedOf(EVE)]);
  expect(counted({ cookie: 'visits=+12015550198' })).toBe(0);
  expect(counted({ cookie: 'visits=7' })).toBe(2);
});

it('finds nothing in what holds nothing', () => {
  expect(
    sightingsIn({ body: '<h1>Welcome</h1><p>Call +49 30 901820</p>', headers: { etag: '"abc123def456"' } }),
  ).toEqual([]);
});

describe('a request speaks for', () => {
  it('the person in front of the browser, and whoever owns a cookie or a code in it', () => {
    const first = raw({ headers: { 'set-cookie': 'session=sealed-value-of-ada; HttpOnly' } });
    const second = raw({ sent: { cookie: 'session=sealed-value-of-ada' }, body: ADA.email });
    noteSightings(
      [
        { raw: first, person: '12015550123' },
        { raw: second, person: '12015550199' },
      ],
      index,
    );
    const owner = second.exchange.sightings?.[0]?.owner;
    expect(owner).toBeTruthy();
    expect(second.exchange.entitled).toContain(owner);
  });

  it('nobody by a cookie whose value several people were given, each anew', () => {
    const given = (name: string) =>
      raw({ headers: { 'set-cookie': `${name}=http%3A%2F%2Flocalhost; HttpOnly` } });
    const later = raw({ sent: { cookie: 'callback-url=http%3A%2F%2Flocalhost' }, body: ADA.email });
    noteSightings(
      [
        { raw: given('callback-url'), person: '12015550123' },
        { raw: given('callback-url'), person: '12015550199' },
        { raw: later, person: '12015550199' },
      ],
      index,
    );
    expect(later.exchange.entitled).not.toContain(later.exchange.sightings?.[0]?.owner);
    expect(later.exchange.entitled).toHaveLength(1);
  });

  it('the first owner of a cookie, though it was given again to whoever sent it', () => {
    const line = { 'set-cookie': 'session=sealed-value-of-ada; HttpOnly' };
    const sent = { cookie: 'session=sealed-value-of-ada' };
    const stolen = raw({ sent, headers: line, body: ADA.email });
    noteSightings(
      [
        { raw: raw({ headers: line }), person: '12015550123' },
        { raw: stolen, person: '12015550199' },
      ],
      index,
    );
    expect(stolen.exchange.entitled).toContain(stolen.exchange.sightings?.[0]?.owner);
  });

  it('whoever owns the session that the harness sealed anew', () => {
    noteResealed('sealed-anew-value-of-ada', '12015550123');
    const asked = raw({ sent: { cookie: 'session=sealed-anew-value-of-ada' }, body: ADA.email });
    noteSightings([{ raw: asked, person: '12015550199' }], index);
    expect(asked.exchange.entitled).toContain(asked.exchange.sightings?.[0]?.owner);
  });

  it('nobody else', () => {
    const other = raw({ body: ADA.email });
    noteSightings([{ raw: other, person: '12015550199' }], index);
    expect(other.exchange.entitled).not.toContain(other.exchange.sightings?.[0]?.owner);
  });
});

it('sees stack traces', () => {
  expect(sightingsIn({ body: 'Error: x\n    at handler (/srv/app/server.js:12:7)' })).toEqual([
    'stack trace body as it is',
  ]);
  expect(sightingsIn({ body: 'Meet at noon (/menu:1)' })).toEqual([]);
});

it('takes a secret out of the kept exchange, wherever the app put it', () => {
  const one = raw({ body: TOKEN });
  one.exchange.response = { headers: { 'x-token': TOKEN }, body: `here: ${TOKEN}` };
  one.exchange.request = { headers: {}, body: null };
  one.exchange.url = 'http://localhost:3000/page';
  noteSightings([{ raw: one, person: null }], index);
  expect(JSON.stringify(one.exchange)).not.toContain(TOKEN);
});

it('notes of a name whether it is an entry of a list of people, beside how many', () => {
  const members: IssuedIndex = new Map();
  addToIndex(
    members,
    ['Ada0Quill482', 'Eve0Rook731'].flatMap((name, at) => issuedOf({ phone: `+1201555012${at}`, name })),
  );
  const links = ['Eve0Rook731', 'Hedy', 'Grace'].map(
    (name, at) => `<li><a href="/u/m${at}">${name}</a></li>`,
  );
  const one = raw({ body: `<!doctype html><p>Ada0Quill482</p><ol>${links.join('')}</ol>` });
  noteSightings([{ raw: one, person: null }], members);
  const entries = (one.exchange.sightings ?? []).map(({ entry }) => entry);
  expect(entries).toEqual([undefined, { at: ' html body ol li /u/', of: 3 }]);
});

it('keeps what stands around the name of somebody else, where the kept body ends before', () => {
  const members: IssuedIndex = new Map();
  const eve = { phone: '+12015550121', name: 'Eve0Rook731' };
  addToIndex(members, issuedOf(eve));
  addToIndex(members, [own('access token', TOKEN)]);
  const around = (before: number, person = '12015550123') => {
    const one = raw({
      body: `<p>${'far '.repeat(before)}</p><p>The tide ${TOKEN} is high.</p> Eve0Rook731 <hr>`,
    });
    noteSightings([{ raw: one, person }], members);
    return one.exchange.sightings?.find(({ kind }) => kind === 'name')?.around;
  };
  expect(around(2_000)).toContain('is high.</p> Eve0Rook731');
  expect(around(2_000)).not.toContain(TOKEN);
  expect(around(10)).toBeUndefined();
  // Of their own pages nobody has to be told whose they are.
  expect(around(2_000, '12015550121')).toBeUndefined();
});

it('the value of a cookie that scripts are kept from is noted where a body holds it', () => {
  const session = 'authjs.session-token=9f8a7b6c5d4e3f2a1b0c';
  const exchanges = [
    raw({
      headers: { 'set-cookie': [`${session}; Path=/; HttpOnly`, 'theme=dark-and-very-long-name; Path=/'] },
    }),
    raw({ body: '{"token":"9f8a7b6c5d4e3f2a1b0c","theme":"dark-and-very-long-name"}' }),
    raw({
      url: 'http://localhost:3000/page?token=9f8a7b6c5d4e3f2a1b0c',
      body: '<a href="/?token=9f8a7b6c5d4e3f2a1b0c">again</a>',
    }),
    raw({
      headers: { 'set-cookie': 'back=http%3A%2F%2Flocalhost%3A3000%2F; HttpOnly' },
      body: 'http%3A%2F%2Flocalhost%3A3000%2F',
    }),
  ];
  noteSightings(
    exchanges.map((each) => ({ raw: each, person: null })),
    index,
  );
  expect(exchanges.map(({ exchange }) => exchange.facts.cookiesInBody)).toEqual([
    undefined,
    'authjs.session-token',
    undefined,
    undefined,
  ]);
});
