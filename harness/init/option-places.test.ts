import { expect, it } from 'vitest';
import { optionPlaces } from './option-places.ts';
import { readSource, type SourceFile } from './syntax.ts';

const places = (text: string) => optionPlaces([readSource('auth.ts', text) as SourceFile]);

it('finds options by their path, the one of the Logto provider too', () => {
  const found = places(
    `import NextAuth from 'next-auth';
const pages = { error: '/failed' };
export default NextAuth({
  providers: [
    GitHub,
    Logto({
      checks: [],
      authorization: { params: { scope: 'openid' } },
    }),
  ],
  callbacks: {
    redirect({ url }) { return url; },
  },
  pages,
  cookies: { sessionToken: { options: { httpOnly: false } } },
});`,
  );
  expect(found['callbacks.redirect']).toEqual({ file: 'auth.ts', line: 12 });
  expect(found['providers.checks']?.line).toBe(7);
  expect(found['providers.authorization.params.scope']?.line).toBe(8);
  expect(found['pages.error']?.line).toBe(2);
  expect(found['cookies.sessionToken.options.httpOnly']?.line).toBe(15);
  expect(found['']?.line).toBe(3);
});

it('takes no other object for a config', () => {
  expect(places(`chart({ session: 1 }); menu({ pages: [] })`)).toEqual({});
});
