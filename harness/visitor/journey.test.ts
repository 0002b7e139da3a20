import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { copyTarget, type Variant } from '../../fixtures/copy-target.ts';
import { judge } from '../../fixtures/mutants/judge.ts';
import type { CheckResult } from '../../reports/model.ts';
import type { ConfigInput } from '../config/config.ts';

const fixtures = path.resolve(import.meta.dirname, '../../fixtures');
const variants: Variant[] = [];
afterAll(() => {
  for (const variant of variants) variant.remove();
});

/** The journey of an Express target whose pages are sent with such a policy. */
function withPolicy(policy: string, pages: [from: string, to: string][] = []): string {
  const variant = copyTarget('express', {
    'app.js': [
      [
        '  before(app, config);',
        `  before(app, config);
  app.use((_req, res, next) => {
    res.set(${policy});
    next();
  });`,
      ],
    ],
    'pages.js': pages,
  });
  variants.push(variant);
  return variant.folder;
}

const express = path.join(fixtures, 'targets/express');

async function journeyOf({
  cwd = express,
  pages,
}: {
  cwd?: string;
  pages?: ConfigInput['pages'];
}): Promise<CheckResult> {
  const { checks } = await judge({ target: { command: 'node server.js', cwd }, pages }, [
    'phone-otp/browser-journey',
  ]);
  expect(checks).toHaveLength(1);
  return checks[0] as CheckResult;
}

describe('own buttons', { timeout: 60_000 }, () => {
  // A module is looked up from the folder of the config, which is the one of `judge` here.
  it.each([
    ['a path', '/', '/'],
    ['a selector', 'form button', 'form[action$="/signout"] button'],
    ['a module', '../journeys/sign-in.ts', '../journeys/sign-out.ts'],
  ])('are found by %s', async (_way, signIn, signOut) => {
    const { verdict, message } = await journeyOf({ pages: { signIn, signOut } });
    expect([verdict, message]).toEqual(['pass', undefined]);
  });

  it('are found on the pages of members, where the home page is the same for everybody', {
    timeout: 120_000,
  }, async () => {
    const variant = copyTarget('express', {
      'app.js': [
        [
          '  before(app, config);',
          `  app.get('/', (_req, res) => res.send('<html lang="en"><title>Home</title><a href="/auth/signin">Sign in</a></html>'));
  app.get('/mine', (_req, res) => res.send('<html lang="en"><title>Mine</title><a href="/auth/signout">Sign out</a></html>'));
  before(app, config);`,
        ],
      ],
    });
    variants.push(variant);
    const at = async (members: string[]) =>
      (await journeyOf({ cwd: variant.folder, pages: { protected: members } })).verdict;
    expect(await at(['/mine'])).toBe('pass');
    expect(await at([])).toBe('fail');
  });

  it('are found where a page of members leads, when the home page describes a product and offers no sign-in', {
    timeout: 180_000,
  }, async () => {
    const withHome = (body: string) => {
      const variant = copyTarget('express', {
        'app.js': [
          [
            '  before(app, config);',
            `  app.get('/', (_req, res) => res.send('<html lang="en"><title>Home</title><h1>Otters</h1><p>Log in any time.</p><a href="#more">Learn more</a>${body}</html>'));
  app.get('/mine', async (req, res) => (await readSession(req, config, res)) ? res.send('<html lang="en"><title>Mine</title><a href="/auth/signout">Sign out</a></html>') : res.redirect('/auth/signin'));
  before(app, config);`,
          ],
        ],
      });
      variants.push(variant);
      return variant.folder;
    };
    const at = async (cwd: string, members: string[]) =>
      (await journeyOf({ cwd, pages: { protected: members } })).verdict;
    const silent = withHome('');
    expect(await at(silent, ['/mine'])).toBe('pass');
    expect(await at(silent, [])).toBe('fail');
    // A control of the home page that leads there and does not say so is at fault.
    expect(await at(withHome('<a href="/auth/signin">Start</a>'), ['/mine'])).toBe('fail');
  });

  it('are found behind one of a provider that is switched off', { timeout: 120_000 }, async () => {
    const off = withPolicy("'x-app', '1'", [
      ['<form method="post"', '<button disabled>Continue with Elsewhere (soon)</button><form method="post"'],
    ]);
    expect((await journeyOf({ cwd: off })).verdict).toBe('pass');
  });

  it('are not looked for where the sign-in page sends people on by itself', async () => {
    const form = `<form method="post" action="/auth/signin/logto" id="f"><input type="hidden" name="csrfToken"></form>
<script>fetch("/auth/csrf").then((r) => r.json()).then(({ csrfToken }) => { f.csrfToken.value = csrfToken; f.submit() })</script>`;
    const variant = copyTarget('express', {
      'app.js': [
        ['providers: [Logto] }', "providers: [Logto], pages: { signIn: '/go' } }"],
        [
          '  before(app, config);',
          `  app.get('/go', (_req, res) => res.send(${JSON.stringify(form)}));\n  before(app, config);`,
        ],
      ],
    });
    variants.push(variant);
    const { checks } = await judge({ target: { command: 'node server.js', cwd: variant.folder } }, [
      'redirect/sign-in-controls-named',
    ]);
    expect(checks.map(({ verdict }) => verdict)).toEqual(['not applicable']);
  });

  it('of another provider, though it stands first, is left alone', async () => {
    const variant = copyTarget('express', {
      'app.js': [
        [
          "import Logto from '@auth/express/providers/logto';",
          "import GitHub from '@auth/express/providers/github';\nimport Logto from '@auth/express/providers/logto';",
        ],
        [
          'providers: [Logto]',
          "providers: [GitHub({ clientId: 'g', clientSecret: 's' }), Logto({ name: 'Company account' })]",
        ],
      ],
    });
    variants.push(variant);
    const { verdict, message } = await journeyOf({ cwd: variant.folder, pages: { signIn: '/auth/signin' } });
    expect([verdict, message]).toEqual(['pass', undefined]);
  });

  it('may post by fetch: the browser says its Origin, and an app that demands it lets people in', async () => {
    // What the client of Auth.js does, and what SvelteKit refuses (a form from elsewhere, or from nowhere).
    const variant = copyTarget('express', {
      'app.js': [
        [
          '  before(app, config);',
          `  before(app, config);
  app.use((req, res, next) => {
    if (req.method === 'POST' && req.get('origin') !== req.protocol + '://' + req.get('host'))
      return res.status(403).send('Cross-site POST form submissions are forbidden');
    next();
  });`,
        ],
      ],
      'pages.js': [
        [
          '  form.submit();',
          `  const headers = { 'X-Auth-Return-Redirect': '1' };
  const answer = await fetch(form.action, { method: 'POST', headers, body: new URLSearchParams(new FormData(form)) });
  location.href = (await answer.json()).url;`,
        ],
      ],
    });
    variants.push(variant);
    const { verdict, message } = await journeyOf({ cwd: variant.folder });
    expect([verdict, message]).toEqual(['pass', undefined]);
  });

  it('are found by role and name; each step has its exchanges, its screenshots and its place on the time line', async () => {
    const { verdict, message, steps, exchanges, attachments } = await journeyOf({});
    expect([verdict, message]).toEqual(['pass', undefined]);
    expect(attachments.map(({ name }) => name)).toEqual([
      'signed out, at first',
      'at Logto',
      'asked for the code',
      'signed in',
      'before the sign-out',
      'signed out',
    ]);
    const told = (from: string, to: string) =>
      exchanges
        .filter((exchange) => exchange.from === from && exchange.to === to)
        .map(({ url }) => new URL(url, 'http://relative').pathname);
    expect(told('browser', 'app')).toEqual(
      expect.arrayContaining([
        '/',
        '/auth/signin/logto',
        '/auth/callback/logto',
        '/auth/session',
        '/auth/signout',
      ]),
    );
    expect(told('browser', 'issuer')).toContain('/oidc/auth');
    expect(told('app', 'issuer')).toContain('/oidc/token');
    expect(told('issuer', 'carrier')).toHaveLength(1);
    const secrets = JSON.stringify(exchanges).match(/session-token=(?!‹|;)|eyJ\w{20}|code=\d/g);
    expect(secrets).toBe(null);
    const [signIn, signOut] = steps;
    expect(signIn?.from).toBe(1);
    expect(signOut?.from).toBeGreaterThan(signIn?.to ?? Number.POSITIVE_INFINITY);
    expect(signOut?.to).toBe(exchanges.length);
    expect(new URL(exchanges[(signOut?.from ?? 0) - 1]?.url ?? '', 'http://relative').pathname).toBe('/');
  });
});

/** The plain form of the target, in something else. */
const FORM = `<button>\${label}</button>`;

describe('a control', { timeout: 60_000 }, () => {
  const journeyWith = (pages: [from: string, to: string][]) => {
    const variant = copyTarget('express', { 'pages.js': pages });
    variants.push(variant);
    return journeyOf({ cwd: variant.folder });
  };
  /** Each form of the home page stands inside, or behind, what is given; the script of the form finds it all the same. */
  const inside = (before: string, after: string): [string, string][] => [
    [
      `=> \`<form method="post" action="\${action}">`,
      `=> \`${before}<form method="post" action="\${action}">`,
    ],
    ['</form>\n<script', `</form>${after}\n<script`],
  ];
  it.each<[string, [string, string][]]>([
    ['in a disclosure', inside('<details><summary>Ada</summary>', '</details>')],
    [
      'in a menu that a button with aria-haspopup opens',
      [
        ...inside(
          '<button type="button" aria-haspopup="menu" aria-expanded="false" onclick="box.hidden=!box.hidden">Ada</button><div id="box" role="menu" hidden>',
          '</div>',
        ),
        [FORM, `<button role="menuitem">\${label}</button>`],
      ],
    ],
    [
      'behind an avatar that says nothing of a menu',
      inside(
        '<button type="button" onclick="box.hidden=!box.hidden"><img src="data:," alt="Ada" width="20" height="20"></button><div id="box" hidden>',
        '</div>',
      ),
    ],
    [
      'in a popover',
      inside('<button type="button" popovertarget="box">Ada</button><div id="box" popover>', '</div>'),
    ],
  ])('%s is found', async (_where, pages) => {
    const { verdict, message } = await journeyWith(pages);
    expect([verdict, message]).toEqual(['pass', undefined]);
  });

  it('that sends a form is not pressed to see what it opens', async () => {
    const { verdict, message } = await journeyWith([
      [FORM, '<button aria-label="account"><img src="data:," alt="" width="20" height="20"></button>'],
    ]);
    expect([verdict, message]).toEqual([
      'fail',
      'Has no button or link named like "Sign in" at /. It has: button "account".',
    ]);
  });

  it.each([
    [
      'an anchor without href',
      `<a onclick="form.requestSubmit()">\${label}</a>`,
      'There is <a> "Sign in with Logto" without href, which is no link: no keyboard reaches it.',
    ],
    [
      'a box that listens to clicks',
      `<div onclick="form.requestSubmit()">\${label}</div>`,
      'There is <div> "Sign in with Logto" without a role, which is no control to a keyboard or a screen reader.',
    ],
    [
      'an option of a list',
      `<div role="option" tabindex="0" onclick="form.requestSubmit()">\${label}</div>`,
      'There is <div> "Sign in with Logto" with role="option".',
    ],
  ])('is not %s, and the report says so', async (_what, instead, words) => {
    const { verdict, message } = await journeyWith([[FORM, instead]]);
    expect([verdict, message]).toEqual(['fail', `Has no button or link named like "Sign in" at /. ${words}`]);
  });
});

describe('a Content-Security-Policy', { timeout: 60_000 }, () => {
  it('that keeps the form from reaching Logto is named as the cause', async () => {
    const { verdict, message } = await journeyOf({
      cwd: withPolicy(`'content-security-policy', "form-action 'self'"`),
    });
    expect(verdict).toBe('fail');
    expect(message).toMatch(/Content-Security-Policy blocked the flow: .*form-action 'self'/);
  });

  it('that only reports, or only forbids styles, is not', async () => {
    const { verdict, message } = await journeyOf({
      cwd: withPolicy(
        `{ 'content-security-policy': "style-src 'none'", 'content-security-policy-report-only': "script-src 'none'" }`,
        [
          ['Sign in with Logto', 'Go'],
          ['<body>', '<body style="color: red">'],
        ],
      ),
    });
    expect(verdict).toBe('fail');
    expect(message).toBe('Has no button or link named like "Sign in" at /. It has: button "Go".');
  });
});
