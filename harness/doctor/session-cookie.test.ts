import { afterAll, expect, it } from 'vitest';
import { copyTarget, type Variant } from '../../fixtures/copy-target.ts';
import { judge } from '../../fixtures/mutants/judge.ts';

const variants: Variant[] = [];
afterAll(() => {
  for (const variant of variants) variant.remove();
});

it('a session cookie with a name of its own is found without being told', { timeout: 60_000 }, async () => {
  const variant = copyTarget('express', {
    'app.js': [
      [
        'providers: [Logto] }',
        "providers: [Logto], cookies: { sessionToken: { name: 'shop.session', options: { httpOnly: true, sameSite: 'lax', path: '/' } } } }",
      ],
    ],
  });
  variants.push(variant);
  const { checks } = await judge(
    { target: { command: 'node server.js', cwd: variant.folder }, browser: 'none' },
    ['session/cookie-http-only', 'session/cookie-same-site', 'session/lifetime', 'sign-out/cookie-cleared'],
  );
  expect(checks.map(({ id, verdict, message }) => [id, verdict, message])).toEqual(
    checks.map(({ id }) => [id, 'pass', undefined]),
  );
  expect(checks).toHaveLength(4);
});
