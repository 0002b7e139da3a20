import { afterAll, describe, expect, it } from 'vitest';
import { copyTarget, type Variant } from '../../fixtures/copy-target.ts';
import { judge } from '../../fixtures/mutants/judge.ts';
import type { ConfigInput } from '../config/config.ts';

const variants: Variant[] = [];
afterAll(() => {
  for (const variant of variants) variant.remove();
});

const app = () => {
  const variant = copyTarget('express', {});
  variants.push(variant);
  return { command: 'node server.js', cwd: variant.folder };
};
const judged = async (config: Omit<ConfigInput, 'target'>, ids: string[], given: string[] = []) => {
  const report = await judge({ target: app(), ...config }, ids, given);
  return {
    report,
    told: Object.fromEntries(report.checks.map(({ id, verdict, message }) => [id, [verdict, message]])),
  };
};

describe('what the app may do, and nobody can see', { timeout: 120_000 }, () => {
  const ids = [
    'callback/session',
    'session/protected-page',
    'sign-out/protected-closed',
    'sign-out/back-button',
    'redirect/scope-declared',
    'redirect/sign-in-controls-named',
  ];

  it('could not be judged, and is told with what to give', async () => {
    const { report, told } = await judged({ browser: 'none' }, ids);
    expect(told).toEqual({
      'callback/session': ['pass', undefined],
      'session/protected-page': [
        'not judged',
        "the config names nothing that needs a session (pages.protected); what was found that turns strangers away is '/protected'; to have this judged, write pages: { protected: ['/protected'] }, with whatever else is for members",
      ],
      'sign-out/protected-closed': ['pass', undefined],
      'sign-out/back-button': ['note', expect.stringContaining('/protected')],
      'redirect/scope-declared': ['not judged', expect.stringContaining('to have this judged, name those')],
      'redirect/sign-in-controls-named': ['not judged', expect.stringContaining('--browser PATH')],
    });
    expect(report).toMatchObject({ exitCode: 0, counts: { 'not judged': 3 } });
  });

  it('stands in the way of a strict run', async () => {
    const { report } = await judged({ browser: 'none', strict: true }, ids);
    expect(report).toMatchObject({ result: 'not judged', exitCode: 2 });
  });

  it('is not applicable where the config says that there is none', async () => {
    const { told } = await judged(
      { pages: { protected: [] } },
      ['session/protected-page'],
      ['pages.protected'],
    );
    expect(told['session/protected-page']).toEqual([
      'not applicable',
      'the app has none of what is judged, as the config says (pages.protected)',
    ]);
  });
});

describe('paths that nobody could read', { timeout: 120_000 }, () => {
  const hidden = () => {
    const variant = copyTarget('express', {
      'app.js': [
        ["  app.get('/', (_req", "  const at = (path, handle) => app.get(path, handle);\n  at('/', (_req"],
        [
          "  app.get('/protected'",
          "  app.post('/hooks/logto', (_req, res) => res.sendStatus(401));\n  at('/protected'",
        ],
        ["  app.get('/api/protected'", "  at('/api/protected'"],
      ],
    });
    variants.push(variant);
    return { command: 'node server.js', cwd: variant.folder };
  };
  const toldOf = async (target: ConfigInput['target'], paths?: string[]) => {
    const pages = { protected: ['/protected'], ...(paths && { paths }) };
    const report = await judge({ target, browser: 'none', pages }, [
      'doors/shut-to-members',
      'doors/wrong-input',
    ]);
    return Object.fromEntries(report.checks.map(({ id, verdict, message }) => [id, [verdict, message]]));
  };
  it('are not said to be none', async () => {
    expect(await toldOf(hidden())).toEqual({
      'doors/shut-to-members': [
        'not judged',
        'no path was found that refuses plain members, but some of its paths could not be read (app.js:45); to have this judged, name them in pages.paths (`POST /…` where they take posts; an empty list where there are none)',
      ],
      'doors/wrong-input': ['pass', undefined],
    });
  });
  it('are judged where the config names them', async () => {
    const told = await toldOf(app(), []);
    expect(told['doors/wrong-input']?.[0]).toBe('not applicable');
    expect((await toldOf(app(), ['POST /hooks/logto']))['doors/wrong-input']?.[0]).toBe('pass');
  });
});

describe('a profile', { timeout: 120_000 }, () => {
  const ids = ['callback/session', 'id-token/signature-rogue-key'];
  const verdictUnder = async (profile?: string) => {
    const { report } = await judged({ browser: 'none', ...(profile && { certification: { profile } }) }, ids);
    return [
      report.profile?.name,
      report.checks.find(({ id }) => id === 'id-token/signature-rogue-key')?.verdict,
      report.exitCode,
    ];
  };

  it('decides what fails an app: a signature that nobody verifies is a note, and a fail at level 2 of ASVS', async () => {
    expect(await verdictUnder()).toEqual(['2026-11', 'note', 0]);
    expect(await verdictUnder('asvs-l2')).toEqual(['asvs-l2', 'fail', 1]);
  });
});
