import { afterAll, describe, expect, it } from 'vitest';
import { removeVariants, told, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import { linksFor, madeUpLike } from './set-by-link.ts';

afterAll(removeVariants);

describe('links that hold a session', () => {
  const lab = (parameters: string[] = [], paths: string[] = []) =>
    ({
      app: { origin: 'http://localhost:3000', basePath: '/auth' },
      config: { pages: { home: '/' } },
      routes: { parameters, paths: paths.map((path) => ({ path, source: 'app.js' })) },
    }) as unknown as LabDescription;

  it('try what reads like a hand-over first, with what the sources read, and nothing of Auth.js or that signs out', () => {
    const links = linksFor(
      lab(['page', 'ticket'], ['/prices', '/auth/signin', '/logout', '/notes/:id', '/api/handover']),
      ['/about'],
      'a'.repeat(36),
    );
    expect(links[0]).toMatchObject({ path: '/api/handover' });
    expect(links[0]?.names[0]).toBe('ticket');
    expect(links[0]?.names).toContain('page');
    const paths = links.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['/prices', '/', '/about', '/handover']));
    for (const left of ['/auth/signin', '/logout', '/notes/:id']) expect(paths).not.toContain(left);
    expect(new Set(paths).size).toBe(paths.length);
  });

  it('are no longer than servers take, and no more than forty', () => {
    const value = 'a'.repeat(1_500);
    const links = linksFor(
      lab(
        [],
        Array.from({ length: 60 }, (_, at) => `/login/${at}`),
      ),
      [],
      value,
    );
    expect(links.length).toBeLessThanOrEqual(40);
    for (const { names } of links)
      expect(new URLSearchParams(names.map((name) => [name, value])).toString().length).toBeLessThan(7_000);
    expect(linksFor(lab(), [], 'a'.repeat(9_000))[0]?.names.length).toBe(1);
  });

  it('are compared with a value of the same shape', () => {
    const made = madeUpLike('eyJh.z9-Z_');
    expect(made).toMatch(/^[a-zA-Z]{3}[a-zA-Z]\.[a-z]\d-[a-zA-Z]_$/);
    expect(made).not.toBe('eyJh.z9-Z_');
  });
});

// https://github.com/nextauthjs/next-auth/discussions/1013
describe('a session that is handed over', { timeout: 240_000 }, () => {
  const ID = 'session/set-by-link';
  const verdictOf = async (first: string, more: object = {}) =>
    told([ID], await verdictsOn([ID], { first, ...more }))[ID];
  const COOKIE = "'authjs.session-token'";
  const set = `res.cookie(${COOKIE}, value, { httpOnly: true, sameSite: 'lax' });`;

  it('by a parameter is had by whoever opens the link', async () =>
    expect(
      await verdictOf(`  app.get('/mobile/open', (req, res) => {
    const value = req.query.ticket;
    if (!value) return res.status(404).end();
    ${set}
    res.redirect('/protected');
  });`),
    ).toMatch(/^fail: Signed in whoever opens a link to \/mobile\/open .* by the parameter ticket\./));

  it('by a parameter of any page is found as well, and where a new session is made of the old one', async () =>
    expect(
      await verdictOf(`  app.use(async (req, res, next) => {
    const value = req.query.jwt;
    if (!value || req.path.startsWith('/auth')) return next();
    const headers = { ...req.headers, cookie: 'authjs.session-token=' + value };
    const session = await readSession({ ...req, headers, protocol: req.protocol, get: (name) => headers[name.toLowerCase()] }, config, res);
    if (session?.user) ${set}
    next();
  });`),
    ).toMatch(/^fail: Signed in .* by the parameter jwt\./));

  it('by a code that is good once is nobody else’s', async () =>
    expect(
      await verdictOf(`  const codes = new Map();
  app.post('/mobile/code', (req, res) => {
    const id = crypto.randomUUID();
    codes.set(id, /session-token=([^;]+)/.exec(req.headers.cookie ?? '')?.[1]);
    res.json({ code: id });
  });
  app.get('/mobile/open', (req, res) => {
    const value = codes.get(req.query.code);
    codes.delete(req.query.code);
    if (!value) return res.status(400).send('This link is used up');
    ${set}
    res.redirect('/protected');
  });`),
    ).toBe('pass'));

  it('is none in a cookie of the app’s own that a link sets, such as that of a campaign', async () =>
    expect(
      await verdictOf(`  app.use((req, res, next) => {
    if (req.query.token) res.cookie('campaign', req.query.token, { sameSite: 'lax' });
    next();
  });`),
    ).toBe('pass'));

  it('is nobody’s where everybody who comes is a guest', async () =>
    expect(
      await verdictOf(`  app.use('/auth/session', async (req, res, next) => {
    const session = await readSession(req, config, res);
    return session?.user || !/guest=/.test(req.headers.cookie ?? '') ? next() : res.json({ user: { name: 'Guest' }, expires: '2099-01-01T00:00:00.000Z' });
  });
  app.get('/login', (_req, res) => { res.cookie('guest', crypto.randomUUID()); res.redirect('/'); });`),
    ).toBe('pass'));
});
