import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Mocks, startMocks } from './index.ts';
import { readPeople, usersOf } from './people-file.ts';

const problemsOf = (people: unknown): string => {
  try {
    readPeople(JSON.stringify(people));
    return 'none';
  } catch (error) {
    return z.prettifyError(error as z.ZodError);
  }
};

describe('a file of people', () => {
  it.each([
    [[{ phone: '2015550101' }], /E\.164.*\n\s+→ at \[0\]\.phone/],
    [[{ phone: '+12015550101' }, { phone: '+12015550101' }], /is that of \[0\], too\n\s+→ at \[1\]\.phone/],
    [[{ phone: '+12015550101', nickname: 'x' }], /Unrecognized key: "nickname"\n\s+→ at \[0\]/],
    [[{ name: 'Nobody' }], /needs a phone, an email or a username/],
    [{ phone: '+12015550101' }, /expected array/],
  ])('%j is refused with the path of the mistake', (people, message) => {
    expect(problemsOf(people)).toMatch(message);
  });

  let mocks: Mocks;
  afterAll(() => mocks.close());
  it('gives Logto its people, with roles, and the sign-in page their names to click', async () => {
    const people = readPeople(
      JSON.stringify([
        { phone: '+12015550101', name: 'Ada <b>', roles: ['editor'], profile: { familyName: 'Lovelace' } },
        ...Array.from({ length: 9_999 }, (_, at) => ({ phone: `+1303${5_550_000 + at}` })),
      ]),
    );
    mocks = await startMocks({ users: usersOf(people), shownPeople: true });
    const { tenant, provider, issuer } = mocks.issuer.context;
    expect(tenant.users.findMany()).toHaveLength(10_000);
    expect(tenant.roles.has('editor')).toBe(true);
    expect(provider.issuer).toBe(issuer);
    await mocks.issuer.putApplication({ id: 'app', redirectUris: ['http://localhost:3999/cb'] });
    const query = new URLSearchParams({
      client_id: 'app',
      redirect_uri: 'http://localhost:3999/cb',
      response_type: 'code',
      scope: 'openid',
    });
    const started = await fetch(`${issuer}/auth?${query}`, { redirect: 'manual' });
    const cookie = started.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    const page = await (
      await fetch(new URL(started.headers.get('location') as string, mocks.issuer.origin), {
        headers: { cookie },
      })
    ).text();
    expect(page).toContain('Ada &lt;b&gt;');
    expect(page).toMatch(/<button[^>]+name="identifier" value="\+12015550101"/);
    expect(page.match(/name="identifier" value/g)?.length).toBeLessThanOrEqual(21);
    const sent = await fetch(`${mocks.issuer.origin}/sign-in?app_id=app`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ identifier: '+12015550101' }),
    });
    expect(sent.headers.get('location')).toMatch(/^\/sign-in\/verification-code/);
    expect((await mocks.client.waitForMessage('+12015550101')).code).toMatch(/^\d{6}$/);
    const shown = (await (await fetch(`${mocks.control.origin}/people`)).json()) as {
      total: number;
      people: object[];
    };
    expect(shown.total).toBe(10_000);
    expect(shown.people[0]).toMatchObject({ name: 'Ada <b>', phone: '+12015550101', roles: ['editor'] });
    expect(shown.people.length).toBeLessThanOrEqual(100);
  });
});
