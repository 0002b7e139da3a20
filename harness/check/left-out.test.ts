/** Apps whose session shows less of a person than Auth.js does by default. */
import { afterAll, describe, expect, it } from 'vitest';
import { removeVariants, told, verdictsOn } from '../../fixtures/verdicts-on-express.ts';

afterAll(removeVariants);

const IDS = [
  'session/maps-name',
  'session/maps-email',
  'session/maps-picture',
  'session/name-falls-back',
  'session/large',
  'session/changed-claims',
  'phone-otp/same-person',
];
const options = `callbacks: { jwt: ({ token, profile }) => ({ ...token, sub: profile?.sub ?? token.sub }), session: ({ session, token }) => ({ expires: session.expires, user: { id: token.sub } }) }`;
const on = async (more = {}) => told(IDS, await verdictsOn(IDS, { options, more }));

describe('a session that holds an id alone', { timeout: 180_000 }, () => {
  it('is not judged for fields that nobody has declared', async () => {
    const lacks = (field: string) =>
      expect.stringMatching(
        new RegExp(`^not judged: the session has no user\\.${field}; .* declare the fields that it has`),
      );
    expect(await on()).toEqual({
      'session/maps-name': lacks('name'),
      'session/maps-email': lacks('email'),
      'session/maps-picture': lacks('image'),
      'session/name-falls-back': lacks('name'),
      'session/large': lacks('image'),
      'session/changed-claims': lacks('name'),
      'phone-otp/same-person': 'pass',
    });
  });
  it('fails for those that the config declares', async () => {
    const verdicts = await on({ profile: { name: 'name', email: 'email' } });
    expect(verdicts['session/maps-name']).toMatch(/^fail: Got undefined, expected "Ada map/);
    expect(verdicts['session/maps-email']).toMatch(/^fail: Got undefined/);
    expect(verdicts['session/maps-picture']).toMatch(/^not applicable: the config does not declare/);
    expect(verdicts['phone-otp/same-person']).toMatch(/^fail/);
  });
});
