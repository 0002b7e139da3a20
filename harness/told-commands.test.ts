/** Commands that people are told to type can be pasted: the package is a devDependency, its name alone is no command. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './config/defaults.ts';

const VERB =
  /(?<!npx )(?<![\w/-])authjs-conformance (?:run|init|doctor|list|connector|mocks|live|record|report|explain|known|merge|verify|diff|drift|show-report|judge|replay)\b/;
const files = ['harness', 'mocks', 'reports'].flatMap((room) =>
  readdirSync(path.join(ROOT, room), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !/completion|upkeep/.test(file))
    .map((file) => path.join(room, file)),
);

it('every command in a message begins with npx', () => {
  const bare = files.flatMap((file) =>
    readFileSync(path.join(ROOT, file), 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        VERB.test(line) && !/^\s*(?:\*|\/\/|\/\*\*)|\btitle: /.test(line)
          ? [`${file}:${index + 1} ${line.trim()}`]
          : [],
      ),
  );
  expect(bare).toEqual([]);
});
