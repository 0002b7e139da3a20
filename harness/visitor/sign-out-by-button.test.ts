import { afterAll, describe, expect, it } from 'vitest';
import { copyTarget, type Variant } from '../../fixtures/copy-target.ts';
import { judge } from '../../fixtures/mutants/judge.ts';

const variants: Variant[] = [];
afterAll(() => {
  for (const variant of variants) variant.remove();
});

/** An app whose button leads to a route of its own that ends both sessions, as in Logto's own sample for Next.js. */
function withOwnLogout(parameters: string): string {
  const variant = copyTarget('express', {
    'app.js': [
      [
        '  before(app, config);',
        `  app.post('/logout', (req, res) => {
    res.clearCookie('authjs.session-token');
    res.redirect(process.env.AUTH_LOGTO_ISSUER + '/session/end?' + new URLSearchParams(${parameters}));
  });
  before(app, config);`,
      ],
    ],
    'pages.js': [["button('/auth/signout'", "button('/logout'"]],
  });
  variants.push(variant);
  return variant.folder;
}
const GOOD =
  "{ client_id: process.env.AUTH_LOGTO_ID, post_logout_redirect_uri: 'http://' + req.headers.host + '/' }";

/** Whether the smoke sign-in of the last app that was judged came to Logto when it signed out. */
let seen: string | undefined;

async function judged(parameters: string, ids: string[], browser?: string, pages: object = {}) {
  const { checks, usage } = await judge(
    {
      target: { command: 'node server.js', cwd: withOwnLogout(parameters) },
      features: ['rp-logout'],
      pages,
      ...(browser && { browser }),
    },
    ids,
  );
  seen = usage?.find(({ feature }) => feature === 'rp-logout')?.seen;
  return checks.map(({ id, verdict, message }) => [id, verdict, message]);
}

describe('an app whose own button signs people out at Logto', { timeout: 120_000 }, () => {
  it('passes by its button, though the form of Auth.js never goes there', async () => {
    expect(
      await judged(GOOD, ['sign-out/rp-identified', 'sign-out/rp-returns', 'sign-out/issuer-session-ends']),
    ).toEqual([
      ['sign-out/issuer-session-ends', 'pass', undefined],
      ['sign-out/rp-identified', 'pass', undefined],
      ['sign-out/rp-returns', 'pass', undefined],
    ]);
  });

  it('is seen to go there where the config names a path that is posted to alone', async () => {
    const ids = ['sign-out/rp-identified'];
    expect(await judged(GOOD, ids, 'none', { endSession: '/logout' })).toEqual([[ids[0], 'pass', undefined]]);
    expect(seen).toBe('yes');
  });

  it('is failed for what its button leaves out', async () => {
    expect(await judged('{}', ['sign-out/rp-identified', 'sign-out/rp-returns'])).toEqual([
      [
        'sign-out/rp-identified',
        'fail',
        'Sent neither id_token_hint nor client_id to the end-session endpoint.',
      ],
      ['sign-out/rp-returns', 'fail', expect.stringMatching(/^Ended the sign-out at http:\/\/127\.0\.0\.1/)],
    ]);
  });

  it('is not judged without a browser, and told why', async () => {
    const [[, verdict, message] = []] = await judged(GOOD, ['sign-out/rp-identified'], 'none');
    expect(verdict).toBe('not judged');
    expect(message).toContain('no browser to press it');
  });
});
