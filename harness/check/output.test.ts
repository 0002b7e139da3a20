/** An app that writes much: what it writes is searched whole, or the check does not say that nothing was found. */
import { afterAll, expect, it } from 'vitest';
import { copyTarget, type Variant } from '../../fixtures/copy-target.ts';
import { judge } from '../../fixtures/mutants/judge.ts';

const variants: Variant[] = [];
afterAll(() => {
  for (const variant of variants) variant.remove();
});

/** An Express app that runs this when somebody signs in; the verdict of `logs/token` on it. */
async function verdictOn(onSignIn: string) {
  const variant = copyTarget('express', {
    'app.js': [
      [
        '({ providers: [Logto] })',
        `({ providers: [Logto], events: { signIn({ account }) { ${onSignIn} } } })`,
      ],
    ],
  });
  variants.push(variant);
  const { checks } = await judge({ target: { command: 'node server.js', cwd: variant.folder } }, [
    'logs/token',
  ]);
  return { verdict: checks[0]?.verdict, message: checks[0]?.message };
}

it('finds a token among 25,000 lines', { timeout: 120_000 }, async () => {
  const lines = 'for (let n = 0; n < 12_500; n += 1) console.log("a line like any other", n);';
  expect(await verdictOn(`${lines} console.log(account.access_token); ${lines}`)).toMatchObject({
    verdict: 'fail',
    message: expect.stringMatching(/^Wrote a token/),
  });
});

it('is an error when a part of the output is gone', { timeout: 120_000 }, async () => {
  const much = 'for (let n = 0; n < 700; n += 1) console.log("-".repeat(65_536));';
  expect(await verdictOn(`console.log(account.access_token); ${much}`)).toMatchObject({
    verdict: 'error',
    message: expect.stringMatching(/CONF_OUTPUT_LOST/),
  });
});
