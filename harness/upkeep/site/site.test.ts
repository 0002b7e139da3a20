/** What the documentation site makes of the catalogue and the config; the site itself is built by `npm run docs`. */
import { describe, expect, test } from 'vitest';
import { faults, stageOf } from '../../../mocks/faults.ts';
import { checkPage, plain } from './check-page.ts';
import { configPage, typeOf } from './config-page.ts';
import { policyOf, troubleWith, withPolicy } from './policy.ts';
import { type Entry, entries, suites } from './suites.ts';
import { stepsOf, timeLine } from './time-line.ts';

const entry: Entry = {
  id: 'id-token/made-up',
  title: 'refuses {{ what }} <b>',
  suite: 'id-token',
  file: 'suites/id-token.spec.ts',
  level: 'must',
  severity: 'critical',
  clauses: [{ key: 'a', label: 'A [clause]', url: 'https://example.test/' }],
  appMust: 'Show `nothing` | nobody.',
  otherwise: 'Harm.',
  fault: 'id-token/aud-other-client',
};

describe('the page of a check', () => {
  test('shows text as text: no markup, nothing for Vue to fill in, no cell too many', () => {
    const page = checkPage(entry, 'spoils it');
    expect(page).not.toContain('<b>');
    expect(page).not.toMatch(/\{\{ what/);
    expect(plain('a | b <i> `c`')).toBe('a \\| b &lt;i> \\`c\\`');
    expect(page).toContain('npx authjs-conformance run id-token/made-up');
    expect(page).toContain('https://example.test/');
  });

  test('there is one for each check of the catalogue, with what it must do, the harm and the clauses', () => {
    const all = entries();
    expect(suites().flatMap(({ ids }) => ids)).toHaveLength(all.length);
    for (const each of all) {
      const page = checkPage(each);
      expect(page).toContain(`# ${each.id}`);
      for (const { url } of each.clauses) expect(page).toContain(url);
      expect(page, each.id).not.toMatch(/\{library\\?\}/);
    }
  });

  test('a fix of a remedy has its code before and after', () => {
    const redirect = entries().find(({ id }) => id === 'callback/raced') as Entry;
    expect(checkPage(redirect)).toMatch(
      /As it is often written:\n\n```ts\n[\s\S]+As it should be:\n\n```ts\n/,
    );
  });
});

describe('the picture of a check', () => {
  test.each([...new Set(Object.keys(faults).map((name) => stageOf(name as never)))])(
    'shows where a fault of %s spoils the exchange',
    (stage) => {
      expect(stepsOf({ suite: 'callback', fault: `${stage}/anything` }).spoilt).toBeGreaterThanOrEqual(0);
    },
  );

  test('names what it shows for those who do not see it, and marks the fault', () => {
    const picture = timeLine(entry, 'issues the ID token to another client') ?? '';
    expect(picture).toContain('role="img"');
    expect(picture).toMatch(/aria-label="id-token\/made-up: [^"]*issues the ID token to another client"/);
    expect(picture).toContain('token (spoilt)');
  });

  test('laws and connectors have none', () => {
    expect(timeLine({ ...entry, suite: 'laws' })).toBeUndefined();
    expect(timeLine({ ...entry, suite: 'connector' })).toBeUndefined();
  });
});

describe('the config page', () => {
  test('has every key that there is, with its type and default', () => {
    const page = configPage();
    for (const key of ['target.command', 'pages.ownOtp.send', 'session.maxAge', 'knownFailures'])
      expect(page).toContain(`<code v-pre>${key}</code>`);
    expect(page).toContain('default <code v-pre>"conformance-results"</code>');
    expect(page).not.toContain('undefined');
  });

  test.each([
    [{ type: 'array', items: { type: 'string' } }, 'string[]'],
    [{ enum: ['a', 'b'] }, '"a" | "b"'],
    [
      {
        anyOf: [
          { type: 'string' },
          { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'number' }] } },
        ],
      },
      'string | (string | number)[]',
    ],
    [{ type: 'object', additionalProperties: { type: 'string' } }, 'Record<string, string>'],
  ])('writes types as TypeScript does', (schema, type) => {
    expect(typeOf(schema)).toBe(type);
  });
});

describe('the policy of a page of the site', () => {
  const page = (head: string, body = '') =>
    `<!DOCTYPE html>\n<html><head>\n    <meta charset="utf-8">\n    ${head}</head><body>${body}</body></html>`;
  const inline = '<script id="check-dark-mode">let dark = 1;</script>';

  test('allows its own inline scripts by their hash, and no others', () => {
    const written = withPolicy(page(`${inline}<script type="module" src="/assets/app.js"></script>`));
    // printf 'let dark = 1;' | openssl dgst -sha256 -binary | base64
    expect(policyOf(written)).toContain(
      "script-src 'self' 'sha256-IAD2sbTtL4aTKqbejWr37grin4hNLGwLbTTU9Hk9e8Q=';",
    );
    expect(troubleWith(written)).toEqual([]);
    expect(troubleWith(written.replace('dark = 1', 'dark = 2'))).toEqual([
      expect.stringContaining('has an inline script that its policy forbids'),
    ]);
  });
  test('stands before what it is for', () => {
    const written = withPolicy(page(inline));
    expect(written.indexOf('Content-Security-Policy')).toBeLessThan(written.indexOf('<script'));
    const late = written.replace('<head>', '<head><script src="/early.js"></script>');
    expect(troubleWith(late)).toEqual(['loads something before its policy']);
  });
  test.each([
    ['no policy', page(inline), 'has no policy'],
    [
      'everything inline',
      withPolicy(page('')).replace("'self'", "'unsafe-inline'"),
      "allows scripts by 'unsafe-inline'",
    ],
    ['a handler', withPolicy(page('', '<a onclick="x()">x</a>')), 'has an event handler in its markup'],
    [
      'a script from elsewhere',
      withPolicy(page('<script src="https://cdn.example/x.js"></script>')),
      'loads a script from elsewhere: https://cdn.example/x.js',
    ],
  ])('is refused with %s', (_, written, trouble) => {
    expect(troubleWith(written)).toContain(trouble);
  });
});
