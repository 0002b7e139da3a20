/** APIs that read their query, and those that take keys and tokens of programs beside the session. */
import { expect, it } from 'vitest';
import { findRoutes } from './routes.ts';
import { readSource, type SourceFile } from './syntax.ts';

const apiOf = (files: Record<string, string>) =>
  findRoutes(Object.entries(files).map(([file, text]) => readSource(file, text) as SourceFile)).api;

const GUARD = 'const m = await me(); if (!m) return no(401);';
const OTHERS =
  "export async function POST(req) { const m = await me(); const f = await req.formData(); if (!f.get('bike')) return no(400); return ok(add(m, f)); }";
const bookings = (body: string) => ({
  'lib/auth.ts': 'export const me = async () => (await auth())?.user ?? null;',
  'lib/api.ts':
    'export const no = (status) => Response.json({}, { status }); export const ok = (body) => Response.json(body);',
  'app/api/bookings/route.ts': `import { me } from '@/lib/auth'; import { no, ok } from '@/lib/api'; export async function GET(req) { ${body} } ${OTHERS}`,
});

it.each([
  [
    'what it may be told',
    `${GUARD} const q = new URL(req.url).searchParams.get('userId'); return ok(of(q ?? m.id));`,
  ],
  [
    'what must not be too long',
    `${GUARD} const { searchParams } = new URL(req.url); const q = searchParams.get('q'); if (q && q.length > 80) return no(400); return ok(of(m.id, q));`,
  ],
  [
    'a 404 of something else',
    `${GUARD} const by = req.nextUrl.searchParams.get('by') ?? 'day'; const row = one(m.id); if (!row) return no(404); return ok(row, by);`,
  ],
])('an API is asked as it is: %s', (_, body) => {
  expect(apiOf(bookings(body))).toEqual(['/api/bookings']);
});

it.each([
  [
    'what it must be told',
    `${GUARD} const id = new URL(req.url).searchParams.get('id'); if (!id) return no(400); return ok(one(id));`,
  ],
  [
    'what is not there',
    `${GUARD} const id = req.nextUrl.searchParams.get('id'); const row = one(id); return row ? ok(row) : no(404);`,
  ],
  [
    'which number',
    `${GUARD} const n = Number(new URL(req.url).searchParams.get('n')); if (!(n > 0)) { return no(422); } return ok(one(n));`,
  ],
])('an API answers nobody without it: %s', (_, body) => {
  expect(apiOf(bookings(body))).toEqual([]);
});

const called = (caller: string, first = '') => ({
  'auth.ts': 'export const { auth } = NextAuth({ providers: [] });',
  'lib/api.ts': `import { auth } from '@/auth'; import { userByKey, userById } from './store'; export const json = (body, status = 200) => Response.json(body, { status });
    export async function caller(req) { ${caller} const session = await auth(); if (!session) return null; return userById(session.user.id); }`,
  'lib/store.ts':
    "export const userByKey = (key) => db.get('key', key); export const userById = (id) => db.get('id', id);",
  'app/api/plots/route.ts': `import { caller, json } from '@/lib/api'; export async function GET(req) { ${first} const u = await caller(req); if (!u) return json({ error: 'unauthorized' }, 401); return json(plotsOf(u.id)); }`,
});
it.each([
  ['a key', "const key = req.headers.get('x-api-key'); if (key !== null) return userByKey(key) ?? null;"],
  [
    'a key in the query',
    "const key = req.headers.get('x-api-key') ?? new URL(req.url).searchParams.get('key'); if (key !== null) return userByKey(key);",
  ],
  [
    'a token',
    "const bearer = /^Bearer (.+)$/i.exec(req.headers.get('authorization') ?? '')?.[1]; if (bearer) { try { return await userOf(bearer); } catch { return null; } }",
  ],
  ['a person that a proxy names', "const id = req.headers.get('x-member-id'); if (id) return userById(id);"],
])('a caller is known by the session as well as by %s', (_, caller) => {
  expect(apiOf(called(caller))).toEqual(['/api/plots']);
});
it.each([
  [
    'a cookie of guests',
    "const guest = req.cookies.get('guest'); if (guest) return guest; if (!guest) return await newGuest();",
  ],
  ['a country that a proxy names', "const country = req.headers.get('x-country'); return shopOf(country);"],
])('strangers are somebody by %s', (_, caller) => {
  expect(apiOf(called(caller))).toEqual([]);
});
it.each([
  ['of a query', "if (!new URL(req.url).searchParams.get('sign')) return json({}, 401); return json(all());"],
  [
    'of a key alone',
    "if (req.headers.get('x-api-key') !== process.env.KEY) return json({}, 401); return json(all());",
  ],
])('members are refused as strangers are for want %s', (_, first) => {
  expect(apiOf(called('', first))).toEqual([]);
});
