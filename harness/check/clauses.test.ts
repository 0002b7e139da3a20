import { afterAll, describe, expect, it } from 'vitest';
import { copyTarget, type Variant } from '../../fixtures/copy-target.ts';
import { judge } from '../../fixtures/mutants/judge.ts';
import { remedyFor } from '../../reports/words.ts';
import { readCatalogue } from './catalogue.ts';

const variants: Variant[] = [];
afterAll(() => {
  for (const variant of variants) variant.remove();
});

/** Texts that advise or explain and oblige nobody; §4.1.2 of RFC 6265 says what attributes mean, not which to set. */
const ADVICE = /^(?:owasp |rfc6265 §4\.1\.2$)/;

describe('a level and its clauses', () => {
  it('every must cites a text that obliges, or that promises what the app was set up after', {
    timeout: 60_000,
  }, async () => {
    const musts = (await readCatalogue()).filter(({ level }) => level === 'must');
    const unfounded = musts
      .filter(({ clauses }) => clauses.every((clause) => ADVICE.test(clause)))
      .map(({ id }) => id);
    expect(unfounded).toEqual([]);
    expect(musts.length).toBeGreaterThan(100);
  });
});

describe('a remedy', { timeout: 60_000 }, () => {
  it('names the package that the app has', async () => {
    const variant = copyTarget('express', {
      'app.js': [
        [
          '  before(app, config);',
          `  app.use('/auth/session', (_req, res, next) => {
    const { setHeader } = res;
    res.setHeader = (name, value) => setHeader.call(res, name, /^cache-control$/i.test(name) ? 'public' : value);
    next();
  });
  before(app, config);`,
        ],
      ],
    });
    variants.push(variant);
    const { checks } = await judge(
      { target: { command: 'node server.js', cwd: variant.folder }, browser: 'none' },
      ['session/no-store'],
    );
    expect(checks[0]?.fix).toContain('in front of @auth/express');
  });

  it('speaks of Auth.js where nobody knows the package', () => {
    expect(remedyFor('Update {library}.')).toBe('Update Auth.js.');
  });
});
