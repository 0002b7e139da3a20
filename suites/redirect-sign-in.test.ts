import { afterAll, expect, it } from 'vitest';
import { copyTarget, type Variant } from '../fixtures/copy-target.ts';
import { judge } from '../fixtures/mutants/judge.ts';
import { passed, removeVariants, told, verdictsOn } from '../fixtures/verdicts-on-express.ts';

const variants: Variant[] = [];
afterAll(() => {
  for (const variant of variants) variant.remove();
  removeVariants();
});

/** An app without CSRF tokens, as the adapters of SvelteKit and Qwik make them; one looks at the origin, one does not. */
async function judged(guard: string) {
  const variant = copyTarget('express', {
    'app.js': [
      ['import { ExpressAuth,', "import { skipCSRFCheck } from '@auth/core';\nimport { ExpressAuth,"],
      ['providers: [Logto] }', 'providers: [Logto], skipCSRFCheck }'],
      [
        '  before(app, config);',
        `  app.get('/auth/csrf', (_req, res) => res.sendStatus(404));
  app.post('/auth/signin/logto', (req, res, next) => {
    ${guard}
    next();
  });
  before(app, config);`,
      ],
    ],
  });
  variants.push(variant);
  const { checks } = await judge(
    { target: { command: 'node server.js', cwd: variant.folder }, browser: 'none' },
    ['redirect/csrf-token-needed', 'redirect/csrf-token-of-another-browser'],
  );
  return Object.fromEntries(checks.map(({ id, verdict, message }) => [id.split('/')[1], [verdict, message]]));
}

it('whether an app without CSRF tokens looks at the origin is observed: it does not', {
  timeout: 60_000,
}, async () => {
  expect(await judged('')).toEqual({
    'csrf-token-needed': ['fail', 'Started a sign-in from a form without a CSRF token.'],
    'csrf-token-of-another-browser': [
      'not applicable',
      'it gives out no CSRF tokens, and takes forms of another origin: redirect/csrf-token-needed judges that',
    ],
  });
});

it('whether an app without CSRF tokens looks at the origin is observed: it does', {
  timeout: 60_000,
}, async () => {
  const guard =
    "if ((req.headers.origin ?? 'http://' + req.headers.host) !== 'http://' + req.headers.host) return res.sendStatus(403);";
  expect(await judged(guard)).toEqual({
    'csrf-token-needed': ['pass', undefined],
    'csrf-token-of-another-browser': [
      'not applicable',
      'it gives out no CSRF tokens, and refuses forms of another origin',
    ],
  });
});

const KEPT = ['redirect/callback-url-kept'];
const REMEMBERS = (
  where: string,
) => `  app.post('/auth/signin/logto', express.urlencoded({ extended: false }), (req, _res, next) => {
    ${where} = req.body.callbackUrl;
    next();
  });`;

it('each person comes back to a place of their own, not to that of whoever began last', {
  timeout: 90_000,
}, async () => {
  const redirect = 'callbacks: { redirect: () => globalThis.lastPlace }';
  const mixed = await verdictsOn(KEPT, { first: REMEMBERS('globalThis.lastPlace'), options: redirect });
  expect(told(KEPT, mixed)).toEqual({
    'redirect/callback-url-kept': expect.stringMatching(/^fail: .*somebody else had come from/),
  });
  expect(told(KEPT, await verdictsOn(KEPT, {}))).toEqual(passed(KEPT));
});
