/** Writes suites/README.md, reports/catalogue.json and the share in docs/live.md from the declarations; with --check only compares. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { catalogueJson, catalogueMarkdown } from '../../reports/catalogue.ts';
import { readCatalogue } from '../check/catalogue.ts';
import { clauses } from '../check/clauses.ts';
import { withShare } from '../check/live-kinds.ts';
import { untested } from '../check/untested.ts';
import { ROOT } from '../config/defaults.ts';

const checks = await readCatalogue();
const input = { checks, clauses, untested };
const files = {
  'suites/README.md': catalogueMarkdown(input),
  'reports/catalogue.json': catalogueJson(input),
  'docs/live.md': withShare(readFileSync(path.join(ROOT, 'docs/live.md'), 'utf8'), checks),
};
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
if (process.argv.includes('--check') && stale.length) {
  process.stderr.write(`stale: ${stale.map(([name]) => name).join(', ')}; run npm run catalogue\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(`${checks.length} checks in the catalogue${stale.length ? ', written anew' : ''}\n`);
}
