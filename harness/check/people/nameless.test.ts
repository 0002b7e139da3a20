/** People who have a phone number and nothing else. */
import { afterAll, describe, expect, it } from 'vitest';
import { removeVariants, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const ID = 'people/nothing-else';
const verdictWith = async (callbacks: string) =>
  (await verdictsOn([ID], { options: `callbacks: { ${callbacks} }` }))[ID]?.[0];

/** An account by its address: who has none finds the first who has none, either. */
const BY_ADDRESS = `
  jwt: ({ token, user, profile }) => {
    const accounts = (globalThis.accounts ??= []);
    if (!user) return token;
    const found = accounts.find((each) => each.email === (profile.email ?? undefined)) ?? { email: profile.email ?? undefined, id: profile.sub };
    if (!accounts.includes(found)) accounts.push(found);
    return { ...token, sub: found.id };
  },
  session: ({ session, token }) => ({ ...session, user: { ...session.user, id: token.sub } })`;

describe('an app in which people have a phone number and nothing else', { timeout: 240_000 }, () => {
  it('need tell none of them apart where it lets in nobody of them', async () => {
    expect(await verdictWith('signIn: ({ profile }) => Boolean(profile?.name)')).toBe('not applicable');
  });
  it('fails where all of them have one account', async () => {
    expect(await verdictWith(BY_ADDRESS)).toBe('fail');
  });
});

describe('pages of people who have a phone number and nothing else', { timeout: 120_000 }, () => {
  const on = async (initial: string) => {
    const found = await verdictsOn(['people/phone-only'], {
      first: `app.get('/api/hello', async (req, res) => { const user = (await readSession(req, config, res))?.user; if (!user) return res.status(401).json({ error: 'no' }); res.json({ hello: ${initial} }); });`,
      pages: { protected: ['/protected'], api: ['/api/hello'] },
    });
    return found['people/phone-only']?.filter(Boolean).join(': ');
  };
  it('open', async () => {
    expect(await on("user.name?.toUpperCase() ?? 'you'")).toBe('pass');
  });
  it('fail over the name that is not there', async () => {
    expect(await on('user.name.toUpperCase()')).toMatch(/^fail: Failed at \/api\/hello \(500\) for a person/);
  });
});

describe('pages of people whose name is in another script', { timeout: 120_000 }, () => {
  const on = async (header: string) => {
    const found = await verdictsOn(['id-token/claims-unicode'], {
      first: `app.get('/api/hello', async (req, res) => { const user = (await readSession(req, config, res))?.user; if (!user) return res.status(401).json({ error: 'no' }); res.set('x-hello', ${header}); res.json({}); });`,
      pages: { protected: ['/protected'], api: ['/api/hello'] },
    });
    return found['id-token/claims-unicode']?.filter(Boolean).join(': ');
  };
  it('open', async () => {
    expect(await on('encodeURIComponent(user.name)')).toBe('pass');
  });
  it('fail over a header that does not take it', async () => {
    expect(await on('user.name')).toMatch(/^fail: Failed at \/api\/hello \(500\) for a person who is called/);
  });
});
