import { afterAll, describe, expect, it } from 'vitest';
import { removeVariants, told, verdictsOn } from '../../../fixtures/verdicts-on-express.ts';
import { differing, steadyIn } from './made-once.ts';

afterAll(removeVariants);

const ids = (members: Record<string, string>) => new Map(Object.entries(members));

describe('ids of one person', () => {
  it('are those that a second sign-in has as well', () =>
    expect(
      steadyIn(
        ids({ 'session.user.id': 'u1', 'cookie.sub': 'a' }),
        ids({ 'session.user.id': 'u1', 'cookie.sub': 'b' }),
      ),
    ).toEqual(['session.user.id']));

  it('differ where two sessions have others, both of which are told', () => {
    const sessions = [
      { where: 'in one browser', ids: ids({ id: 'u1', sid: 'a' }) },
      { where: 'in the other', ids: ids({ id: 'u2', sid: 'b' }) },
    ];
    expect(differing(['id'], sessions)).toBe('id is "u1" in one browser and "u2" in the other');
    expect(differing(['id'], sessions.slice(1))).toBeUndefined();
    expect(differing([], sessions)).toBeUndefined();
  });
});

// https://github.com/nextauthjs/next-auth/issues/1624
describe('an account that is made at the first sign-in', { timeout: 240_000 }, () => {
  const ID = 'people/made-once';
  /** Finding and making each take a moment, as a database does. */
  const accounts = (make: string) => `  const owners = new Map();
  const counted = { next: 1 };
  const moment = () => new Promise((resolve) => setTimeout(resolve, 30));
 
  const ownerOf = async (sub) => { await moment(); return owners.get(sub); };
  const makeOwner = async (sub) => { const id = 'u' + counted.next++; await moment(); ${make} };
  config.session = { strategy: 'jwt' };
  config.callbacks = {
    jwt: async ({ token, profile }) => profile ? { ...token, owner: (await ownerOf(profile.sub)) ?? (await makeOwner(profile.sub)) } : token,
    session: ({ session, token }) => ({ ...session, user: { ...session.user, id: token.owner } }),
  };`;
  const verdictOf = async (first: string) => told([ID], await verdictsOn([ID], { first }))[ID];

  it('is two, where nobody looks again before it is kept', async () =>
    expect(await verdictOf(accounts('owners.set(sub, id); return id;'))).toMatch(
      /^warn: Made two accounts .*session\.user\.id is "u\d+" in one browser and "u\d+" in the other/,
    ));

  it('is one, where the second takes what the first has made', async () =>
    expect(
      await verdictOf(accounts('if (!owners.has(sub)) owners.set(sub, id); return owners.get(sub);')),
    ).toBe('pass'));

  it('is one, where the second is refused', async () =>
    expect(
      await verdictOf(
        accounts(
          "if (owners.has(sub)) throw new Error('unique constraint'); owners.set(sub, id); return id;",
        ),
      ),
    ).toBe('pass'));

  it('is nobody’s, where each session has an id of its own', async () =>
    expect(await verdictOf('')).toMatch(/^not applicable/));
});
