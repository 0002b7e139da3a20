import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startMocks } from '../../mocks/index.ts';
import { coverageOf, covered, dutiesOf, shippedLedger } from '../../reports/ledger.ts';
import { listBy, readCatalogue } from '../check/catalogue.ts';
import { ROOT } from '../config/defaults.ts';
import { readLedger, resolveLedger, troubleIn, type World } from './ledger.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ledger-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Reads a ledger of one file with these duties. */
const ledgerOf = (...duties: object[]) => {
  writeFileSync(
    path.join(folder, 'made-up.yaml'),
    JSON.stringify({ source: 'made-up', title: 'Made up', url: 'https://made-up.test', duties }),
  );
  return readLedger(folder);
};
const checks = [
  { id: 'session/ends', clauses: ['asvs 7.4.1'] },
  { id: 'session/begins', clauses: ['authjs session'] },
];
const all = { number: '1', duty: 'Do all of it.', checks: ['session/*'] };

describe('a ledger', () => {
  it('is in order when each duty has a check and each check a duty', () => {
    expect(troubleIn(ledgerOf(all), checks)).toEqual([]);
  });
  it.each([
    [
      'aliases of aliases',
      [
        'a: &l0 [ha]',
        ...Array.from({ length: 10 }, (_, at) => `b${at}: &l${at + 1} [${Array(10).fill(`*l${at}`)}]`),
      ].join('\n'),
    ],
    ['a hundred thousand levels', '['.repeat(100_000)],
    ['a key twice', 'source: a\nsource: b\n'],
  ])('%s end at once, with the name of the file', (_, text) => {
    writeFileSync(path.join(folder, 'made-up.yaml'), text);
    expect(() => readLedger(folder)).toThrow(/^suites\/ledger\/made-up\.yaml\n(?!\s*at )/);
  });
  it('takes the checks that cite a clause', () => {
    const ledger = ledgerOf({ number: '1', duty: 'End it.', clause: 'asvs 7.4.1' });
    expect(resolveLedger(ledger, checks)[0]?.duties[0]?.checks).toEqual(['session/ends']);
    expect(troubleIn(ledger, checks)).toEqual(['session/begins stands for no duty of the ledger']);
  });
  it('tells a duty with neither a check nor a reason', () => {
    expect(troubleIn(ledgerOf(all, { number: '2', duty: 'Do nothing.' }), checks)).toEqual([
      'made-up 2 has neither a check nor a reason',
    ]);
  });
  it('tells a name that is no check', () => {
    const ledger = ledgerOf(all, { number: '2', duty: 'Do more.', checks: ['session/ends-twice'] });
    expect(troubleIn(ledger, checks)).toEqual(['made-up 2 names session/ends-twice, which is no check']);
  });
  it('tells a reason that nothing could make untrue, and a number that stands there twice', () => {
    const ledger = ledgerOf(all, {
      number: '1',
      duty: 'Do no more.',
      excluded: 'unseen',
      reason: 'So it is.',
    });
    expect(troubleIn(ledger, checks)).toEqual([
      'made-up 1 stands there twice',
      'made-up 1 is excluded without a reason that can become untrue',
    ]);
  });
  it('refuses a duty that is excluded and judged', () => {
    const ledger = ledgerOf(all, {
      ...all,
      number: '2',
      excluded: 'open',
      reason: 'x',
      while: { noCheck: 'x' },
    });
    expect(troubleIn(ledger, checks)).toEqual(['made-up 2 is excluded, and has checks']);
  });

  const world: World = { metadata: new Set(['acr_values_supported']), library: 'window.postMessage(x)' };
  it.each([
    [{ noCheck: 'session/e*' }, 'session/ends is a check now'],
    [{ noCitation: 'asvs 7.4' }, 'session/ends cites asvs 7.4'],
    [{ metadataLacks: 'acr_values_supported' }, 'Logto announces acr_values_supported'],
    [{ libraryLacks: 'postMessage(' }, 'Auth.js knows postMessage('],
  ])('tells a reason that has become untrue: %o', (holds, fact) => {
    const ledger = ledgerOf(all, {
      number: '2',
      duty: 'Do it.',
      excluded: 'open',
      reason: 'Not yet.',
      while: holds,
    });
    expect(troubleIn(ledger, checks, world)).toEqual([
      `made-up 2 is excluded (open), and ${fact}: name its checks`,
    ]);
  });
  it.each([
    { noCheck: 'mix-up/*' },
    { noCitation: 'asvs 7.4.10' },
    { metadataLacks: 'x' },
    { libraryLacks: 'y(' },
  ])('leaves a reason that is true: %o', (holds) => {
    const ledger = ledgerOf(all, {
      number: '2',
      duty: 'Do it.',
      excluded: 'open',
      reason: 'Not yet.',
      while: holds,
    });
    expect(troubleIn(ledger, checks, world)).toEqual([]);
  });
});

/** What the packages of Auth.js that apps are certified with are made of. */
const librarySources = () =>
  [
    'node_modules/@auth/core',
    'node_modules/next-auth',
    'fixtures/targets/next-auth-v4-pages/node_modules/next-auth',
  ]
    .flatMap((place) => globSync(`${place}/**/*.js`, { cwd: ROOT, exclude: (name) => name.endsWith('.map') }))
    .map((file) => readFileSync(path.join(ROOT, file), 'utf8'))
    .join('\n');

describe('our ledger', { timeout: 60_000 }, () => {
  it('has no duty without a check or a true reason, and no check without a duty', async () => {
    const mocks = await startMocks({
      applications: [{ id: 'app', secret: 'app-secret-0000000000', redirectUris: ['http://localhost/cb'] }],
    });
    try {
      const document = await fetch(`${mocks.issuer.issuer}/.well-known/openid-configuration`);
      const metadata = new Set(Object.keys((await document.json()) as object));
      const library = librarySources();
      expect(metadata.has('token_endpoint')).toBe(true);
      expect(library).toContain('code_challenge');
      expect(troubleIn(readLedger(), await readCatalogue(), { metadata, library })).toEqual([]);
    } finally {
      await mocks.close();
    }
  });
  it('covers what the issue of coverage asked for', () => {
    expect(shippedLedger().map(({ source }) => source)).toEqual(
      expect.arrayContaining([
        'rfc9700',
        'oidc-core',
        'oidc-discovery',
        'rfc8414',
        'rfc9207',
        'logout',
        'asvs',
        'nist',
      ]),
    );
    const duties = shippedLedger().flatMap((source) => source.duties);
    expect(duties.length).toBeGreaterThan(300);
    const { covered: judged, testable } = covered(duties);
    expect(judged / testable).toBeGreaterThan(0.8);
  });
  it('says which rows of ASVS a check stands for', () => {
    expect(dutiesOf('session/fixation', 'asvs')).toContain('7.2.4');
    expect(dutiesOf('own/check', 'asvs')).toEqual([]);
  });
});

describe('coverage of a run', () => {
  const ledger = resolveLedger(
    ledgerOf(
      { number: '1', duty: 'End it.', checks: ['session/ends'] },
      { number: '2', duty: 'Begin it.', checks: ['session/begins'] },
      { number: '3', duty: 'Do both.', checks: ['session/*'] },
      { number: '4', duty: 'Do no more.', excluded: 'unseen', reason: 'x', while: { noCheck: 'x' } },
    ),
    checks,
  );
  const counts = (ends: string, begins: string) => {
    const [first] = coverageOf(
      [
        { id: 'session/ends', verdict: ends as 'pass' },
        { id: 'session/begins', verdict: begins as 'pass' },
      ],
      ledger,
    );
    return [first?.kept, first?.notKept, first?.notJudged, first?.excluded];
  };
  it('counts duties as kept, not kept, not judged and excluded', () => {
    expect(counts('pass', 'pass')).toEqual([3, 0, 0, 1]);
    expect(counts('pass', 'note')).toEqual([1, 2, 0, 1]);
    expect(counts('pass', 'not applicable')).toEqual([2, 0, 1, 1]);
    expect(counts('blocked', 'fail')).toEqual([0, 2, 1, 1]);
  });
});

describe('list --by', () => {
  const printed = (run: () => unknown) => {
    const { write } = process.stdout;
    let text = '';
    process.stdout.write = ((part: string) => {
      text += part;
      return true;
    }) as typeof write;
    try {
      run();
    } finally {
      process.stdout.write = write;
    }
    return text;
  };
  it('prints the duties of a source, their checks and reasons', () => {
    const text = printed(() => listBy('asvs', [], false));
    expect(text).toMatch(/7\.4\.1 .*\n(?: +\S+\n)* +sign-out\/session-gone/);
    expect(text).toMatch(/other party: /);
  });
  it('prints those of selected checks only', () => {
    const json = printed(() => listBy('ASVS', ['session/fixation'], true));
    const { duties } = JSON.parse(json) as { duties: { number: string; checks: string[] }[] };
    expect(duties).toEqual([expect.objectContaining({ number: '7.2.4', checks: ['session/fixation'] })]);
  });
  it('knows what somebody meant', () => {
    expect(() => listBy('asfs', [], false)).toThrow(/did you mean asvs/);
  });
});
