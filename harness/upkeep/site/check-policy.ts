/** `node harness/upkeep/site/check-policy.ts <folder>`: whether every page of a built site has a policy that holds; part of `npm run docs`. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { troubleWith } from './policy.ts';

const folder = path.resolve(process.argv[2] ?? 'docs/.vitepress/dist');
const pages = globSync('**/*.html', { cwd: folder });
const wrong = pages.flatMap((page) =>
  troubleWith(readFileSync(path.join(folder, page), 'utf8')).map((trouble) => `${page} ${trouble}`),
);
for (const each of wrong.slice(0, 20)) process.stderr.write(`${each}\n`);
process.stdout.write(`${pages.length} pages, ${wrong.length} things wrong with their policies\n`);
process.exitCode = pages.length === 0 || wrong.length ? 1 : 0;
