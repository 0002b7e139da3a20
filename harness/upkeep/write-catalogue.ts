/** Writes catalogue, coverage and the share in docs/live.md from the declarations and the ledger; with --check only compares. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { catalogueJson, catalogueMarkdown } from '../../reports/catalogue.ts';
import { coverageMarkdown, ledgerJson } from '../../reports/coverage-page.ts';
import { defaultProfile, readProfile } from '../../reports/profiles.ts';
import { readCatalogue } from '../check/catalogue.ts';
import { clauses } from '../check/clauses.ts';
import { withShare } from '../check/live-kinds.ts';
import { ROOT } from '../config/defaults.ts';
import { readLedger, resolveLedger, troubleIn } from './ledger.ts';

const checks = await readCatalogue();
const written = readLedger();
const ledger = resolveLedger(written, checks);
const input = { checks, clauses, ledger };
const files: Record<string, string> = {
  'suites/README.md': catalogueMarkdown(input),
  'reports/catalogue.json': catalogueJson(input),
  'suites/COVERAGE.md': coverageMarkdown(ledger),
  'reports/ledger.json': ledgerJson(ledger),
  'docs/live.md': withShare(readFileSync(path.join(ROOT, 'docs/live.md'), 'utf8'), checks),
};
// The profile in the making holds every check of today; --freeze ends that, and a frozen one is never written again.
const newest = readProfile(defaultProfile());
if (!newest.frozen)
  files[`reports/profiles/${newest.name}.json`] = `${JSON.stringify(
    {
      ...newest,
      frozen: process.argv.includes('--freeze'),
      checks: Object.fromEntries(checks.map(({ id, level }) => [id, level])),
    },
    null,
    1,
  )}\n`;
const stale = Object.entries(files).filter(([name, text]) => {
  const file = path.join(ROOT, name);
  const old = (() => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return '';
    }
  })();
  if (old === text) return false;
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  return true;
});
const trouble = troubleIn(written, checks);
if (trouble.length) {
  process.stderr.write(`suites/ledger:\n${trouble.map((each) => `- ${each}`).join('\n')}\n`);
  process.exitCode = 1;
}
if (process.argv.includes('--check') && stale.length) {
  process.stderr.write(`stale: ${stale.map(([name]) => name).join(', ')}; run npm run catalogue\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(`${checks.length} checks in the catalogue${stale.length ? ', written anew' : ''}\n`);
}
