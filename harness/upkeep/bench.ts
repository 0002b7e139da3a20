/** Times what must be fast: start of the mocks, a sign-in, and the whole catalogue on the Express target. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { startMocks } from '../../mocks/index.ts';
import { DEFAULT_CONFIG, ROOT } from '../config/defaults.ts';
import { loadConfig } from '../config/load-config.ts';
import { startLab } from '../lab/lab.ts';
import { createVisitor } from '../visitor/visitor.ts';

const time = async <Result>(what: string, body: () => Promise<Result>, times = 1): Promise<Result> => {
  const begun = performance.now();
  const result = await body();
  process.stdout.write(`${what.padEnd(52)} ${((performance.now() - begun) / times).toFixed(0)} ms\n`);
  return result;
};

const first = await time('both mocks, first start in a process', () => startMocks());
await first.close();
const second = await time('both mocks, next start', () => startMocks());
await second.close();

const lab = await startLab(await loadConfig({ file: DEFAULT_CONFIG }));
const signIn = async () => {
  const { client: control } = lab;
  const scope = await control.openScope();
  const person = await control.addPerson();
  await createVisitor({ lab: lab.description, control, scope: scope.id, person }).signIn();
  await control.closeScope(scope.id);
};
await signIn();
await time(
  'one sign-in by phone, one after the other (mean of 20)',
  async () => {
    for (let count = 0; count < 20; count += 1) await signIn();
  },
  20,
);
await time(
  'one sign-in by phone, 50 at once (mean)',
  () => Promise.all(Array.from({ length: 50 }, signIn)),
  50,
);
await lab.stop();

await time('the whole catalogue on the Express target', () =>
  promisify(execFile)(
    process.execPath,
    [path.join(ROOT, 'harness', 'bin.js'), 'run', '--out', path.join(ROOT, 'conformance-results', 'bench')],
    {
      cwd: ROOT,
      maxBuffer: 64 * 1024 * 1024,
    },
  ),
);
