/** An API whose strangers are led to the sign-in, as a guard in front of all paths does it. */
import { afterAll, expect, it } from 'vitest';
import { copyTarget, type Variant } from '../../../fixtures/copy-target.ts';
import { judge } from '../../../fixtures/mutants/judge.ts';

const variants: Variant[] = [];
afterAll(() => {
  for (const variant of variants) variant.remove();
});

it('is found where the config names none', { timeout: 120_000 }, async () => {
  const variant = copyTarget('express', {
    'app.js': [
      [
        '  before(app, config);',
        `  before(app, config);
  app.get('/api/protected', async (req, res) => {
    const session = await getSession(req, config);
    if (!session?.user) return res.redirect(307, '/auth/signin?callbackUrl=' + encodeURIComponent(req.originalUrl));
    res.json({ plan: 'free', seats: 3, notes: ['The first note of ' + session.user.name] });
  });`,
      ],
    ],
  });
  variants.push(variant);
  const id = 'doors/id-token-as-bearer';
  const { checks } = await judge({ target: { command: 'node server.js', cwd: variant.folder } }, [id]);
  expect(checks.map(({ verdict, message }) => [verdict, message])).toEqual([['pass', undefined]]);
});
