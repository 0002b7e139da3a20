/** Files that somebody names may be anything: each reader ends at once, in its value or in three lines. */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sign } from '../../reports/commands.ts';
import { mergeFiles, readReport } from '../../reports/files.ts';
import { readGiven, readGivenJson } from '../../reports/given-file.ts';
import { createPictures } from '../../reports/html/pictures.ts';
import { advisoriesOf } from '../advisories/affected.ts';
import { installedIn } from '../advisories/lock-file.ts';
import { resolveKnownFailures } from '../check/known-globs.ts';
import { configSchema } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { textOf } from '../connector/certify.ts';
import { connectorCommand } from '../connector/command.ts';
import { readEnvFiles } from '../init/env-files.ts';
import { readProject } from '../init/project.ts';
import { checkConnector, readConnectorConfig } from '../lab/connector-config.ts';
import { readExperience } from '../lab/sign-in-experience.ts';
import { startCapture } from '../live/codes/capture-server.ts';
import { readPeople } from '../live/people-file.ts';
import { readState } from '../live/setup/state.ts';
import { foreseen } from '../run/foreseen.ts';
import { endedReport } from '../run/results-folder.ts';
import { readCa } from '../user-agents/certificates.ts';
import { serveMocks } from './serve-mocks.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'authjs-given-'));
const socket = createServer();
const at = (name: string) => path.join(folder, name);
const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);

beforeAll(async () => {
  execFileSync('mkfifo', [at('fifo.json')]);
  mkdirSync(at('folder.json'));
  writeFileSync(at('huge.json'), '');
  truncateSync(at('huge.json'), 1_073_741_824);
  writeFileSync(at('bytes.json'), Buffer.from([0x7b, 0xc3, 0x28, 0xff, 0x00]));
  writeFileSync(at('empty.json'), '');
  writeFileSync(at('deep.json'), '['.repeat(100_000));
  writeFileSync(at('deep-and-closed.json'), '['.repeat(100_000) + ']'.repeat(100_000));
  writeFileSync(at('cut.json'), '{"known": [{"check": "a');
  symlinkSync(at('loop.json'), at('loop.json'));
  symlinkSync('/dev/zero', at('device.json'));
  await new Promise<void>((resolve) => socket.listen(at('socket.json'), resolve));
});
afterAll(() => {
  socket.close();
  rmSync(folder, { recursive: true, force: true });
});

const config = (given: object) => configSchema.parse({ target: { url: 'http://localhost:9' }, ...given });
/** Each reads one file. */
const readers: Record<string, (file: string) => unknown> = {
  'report.json': (file) => readReport(file),
  'report.json of a shard': (file) => mergeFiles([file], at('merged')),
  'the key that signs': (file) => sign(file, file),
  'known failures': (file) => resolveKnownFailures(file),
  'the config': (file) => loadConfig({ file, environment: {} }),
  'the connector config of a run': (file) => {
    const { connector } = config({ connector: { config: file } });
    return checkConnector(readConnectorConfig(config({ connector }), folder), connector, folder);
  },
  'a connector config that is certified': (file) => textOf(file, folder),
  "the carrier's answer": (file) => connectorCommand(at('cut.json'), { carrierAnswer: file, from: folder }),
  'a sign-in experience': (file) => readExperience(config({ signInExperience: file }), folder),
  'people of a tenant': (file) => readPeople(file),
  'a certificate authority': (file) =>
    readCa(config({ target: { url: 'https://localhost:9', ca: file } }), folder),
  'the state of a tenant that was set up': (file) => readState(existsSync(file) ? file : folder),
  'the certificate of the capture endpoint': (file) =>
    startCapture({ cert: file, key: file, token: 'none', port: 0, host: '127.0.0.1' } as never),
  'the connector config of the mocks': (file) => serveMocks({ connectorConfig: file, host: '127.0.0.1' }),
  'people of the mocks': (file) => serveMocks({ people: file, host: '127.0.0.1' }),
};
const KINDS = ['fifo', 'folder', 'huge', 'bytes', 'loop', 'device', 'socket', 'missing'];

describe.each(Object.entries(readers))('%s', (_, read) => {
  it.each(KINDS)(
    'as %s.json ends in three lines',
    async (kind) => {
      const error = await Promise.resolve()
        .then(() => read(at(`${kind}.json`)))
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      const { code, expected, remedy } = foreseen(error).parts;
      expect(code, (error as Error).stack).toMatch(/^CONF_(?!DEFECT|OWN_CODE)/);
      expect([expected, remedy].every(Boolean)).toBe(true);
    },
    30_000,
  );
});

/** Texts that a connector config may have, and findings tell. */
const JUDGED = new Set(['a connector config that is certified', "the carrier's answer"]);
describe.each(Object.entries(readers).filter(([name]) => !JUDGED.has(name)))('%s', (_, read) => {
  it.each(['empty', 'cut', 'deep', 'deep-and-closed'])(
    'as %s.json ends in three lines',
    async (kind) => {
      const error = await Promise.resolve()
        .then(() => read(at(`${kind}.json`)))
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      const { code } = foreseen(error).parts;
      expect(code, (error as Error).stack).toMatch(/^CONF_(?!DEFECT|OWN_CODE)/);
    },
    30_000,
  );
});

describe('a file that somebody named', () => {
  it('may be UTF-16, or have the mark of UTF-8, as Windows writes them', () => {
    const text = '{"known": "ä😀"}';
    writeFileSync(at('16.json'), utf16(text));
    writeFileSync(at('16be.json'), utf16(text).swap16());
    writeFileSync(at('8.json'), `\ufeff${text}`);
    for (const name of ['16', '16be', '8'])
      expect(readGivenJson(at(`${name}.json`))).toEqual(JSON.parse(text));
    expect(readGiven(at('8.json'), { keepMark: true })).toBe(`\ufeff${text}`);
  });
  it('is read to its end where it says that it has no length', () => {
    expect(readGiven('/proc/self/status')).toContain('VmRSS');
  });
  it('is not read beyond its limit', () => {
    writeFileSync(at('five.json'), '12345');
    expect(readGiven(at('five.json'), { max: 5 })).toBe('12345');
    expect(() => readGiven(at('five.json'), { max: 4 })).toThrow('it has 5 bytes');
  });
});

describe('a config that is a module', () => {
  const load = async (text: string) => {
    const file = at(`config-${Math.random().toString(36).slice(2)}.mjs`);
    writeFileSync(file, text);
    return loadConfig({ file, environment: {} });
  };
  it.each([
    ['throws', 'throw new Error("boom \\u001b[31m")', /boom \\u001b\[31m/],
    ['throws nothing at all', 'throw undefined', /could not be loaded: undefined/],
    ['throws what has no words', 'throw { toString() { throw 1 } }', /has no words/],
    ['is no module', 'export default {', /could not be loaded/],
    ['throws where it is read', 'export default { get target() { throw new Error("late") } }', /late/],
    ['holds itself', 'const a = {}; a.target = { a }; export default a', /it holds itself/],
    [
      'promises, and does not keep it',
      'export default new Promise((_, no) => setTimeout(no, 9, Error("no")))',
      /no/,
    ],
    ['imports what is not there', 'import "./nowhere.mjs"', /nowhere/],
  ])('%s: CONF_CONFIG_UNREADABLE', async (_, text, words) => {
    const error = await load(text).catch((thrown: Error) => thrown);
    expect(foreseen(error).parts.code).toBe('CONF_CONFIG_UNREADABLE');
    expect((error as Error).message).toMatch(words);
  });
  it('may come later', async () => {
    const { config: loaded } = await load(
      'export default Promise.resolve({ target: { url: "http://localhost:9" } })',
    );
    expect(loaded.target.url).toBe('http://localhost:9');
  });
});

/** Ten names, each of which holds the one before ten times. */
const LAUGHS = [
  'a: &l0 [ha]',
  ...Array.from({ length: 10 }, (_, at) => `b${at}: &l${at + 1} [${Array(10).fill(`*l${at}`)}]`),
].join('\n');

describe('an app whose folder holds', () => {
  /** A folder of an app in which one file is something else. */
  const appWith = (name: string, put: (file: string) => void) => {
    const app = mkdtempSync(path.join(folder, 'app-'));
    writeFileSync(path.join(app, 'package.json'), '{"dependencies": {"next-auth": "4.24.11"}}');
    rmSync(path.join(app, name), { force: true });
    put(path.join(app, name));
    return app;
  };
  const kinds: Record<string, (file: string) => void> = {
    'a pipe': (file) => execFileSync('mkfifo', [file]),
    'a folder': (file) => mkdirSync(file),
    'a gigabyte': (file) => {
      writeFileSync(file, '');
      truncateSync(file, 1_073_741_824);
    },
    'a device': (file) => symlinkSync('/dev/zero', file),
    'a hundred thousand levels': (file) => writeFileSync(file, '['.repeat(100_000)),
    'aliases of aliases': (file) => writeFileSync(file, LAUGHS),
  };
  const files = ['pnpm-lock.yaml', 'yarn.lock', 'package-lock.json', 'package.json', '.env', 'tsconfig.json'];
  it.each(files.flatMap((name) => Object.keys(kinds).map((kind) => [kind, name] as const)))(
    '%s as %s is looked at in bounded time',
    (kind, name) => {
      const app = appWith(name, kinds[kind] as (file: string) => void);
      expect(installedIn(app, ['left-pad']).versions.size).toBe(0);
      for (const look of [() => advisoriesOf(app), () => readEnvFiles(app), () => readProject(app)]) {
        try {
          look();
        } catch (error) {
          expect(foreseen(error).parts.code, (error as Error).stack).toMatch(/^CONF_(?!DEFECT|OWN_CODE)/);
        }
      }
    },
    60_000,
  );
});

it('a report that is read when a run begins may be anything', () => {
  for (const kind of ['fifo', 'huge', 'deep', 'bytes']) {
    const out = mkdtempSync(path.join(folder, 'out-'));
    if (kind === 'fifo') execFileSync('mkfifo', [path.join(out, 'report.json')]);
    else copyFileSync(at(`${kind}.json`), path.join(out, 'report.json'));
    expect(endedReport(out)).toBeUndefined();
  }
});

it('a picture that a report names may be anything', () => {
  const pictures = createPictures(folder);
  for (const name of ['fifo', 'folder', 'huge', 'device', 'socket', 'loop'])
    expect(
      pictures.dataUrl({ name: 'x', contentType: 'image/png', path: `${name}.json` }),
      name,
    ).toBeUndefined();
});
