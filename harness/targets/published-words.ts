/** Texts of an app's folder that everybody reads who has the repository: a secret among them is none. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

export interface PublishedWord {
  value: string;
  /** File that it stands in, relative to the folder. */
  where: string;
  /** It stands in an example that people are meant to copy, or in a document. */
  isExample: boolean;
  /** It stands beside a name that says secret or key. */
  isNamed: boolean;
}

const SKIPPED =
  /^(node_modules|\..+|build|dist|out|coverage|conformance-results|public|static|vendor|__tests__|__mocks__|tests?|e2e|cypress|playwright)$/;
/** Examples and documents; files that machines are set up by. */
const EXAMPLE =
  /env[^/]*(example|sample|template|dist|default)|(example|sample|template)[^/]*\.env|\.mdx?$|^readme/i;
const SETUP =
  /^(docker-)?compose.*\.ya?ml$|^Dockerfile|^Makefile$|^justfile$|\.(ya?ml|toml|sh)$|^(package|app|vercel|render|fly)\.json$/i;
const SOURCE = /(?<!\.d)\.([cm]?[jt]sx?|astro|svelte|vue)$/;
/** What only tests, and the config of a conformance run, are given. */
const TEST =
  /\.(test|spec|stories)\.|^(conformance|vitest|jest|playwright|cypress)\.config\.|(^|-)lock\.|\.min\.js$/;

const BYTES_MAX = 300_000;
const FILES_MAX = 3000;
const WORDS_MAX = 40_000;
const [SHORTEST, LONGEST] = [3, 256];

function filesOf(folder: string): string[] {
  const found: string[] = [];
  const visit = (relative: string) => {
    for (const entry of readdirSync(path.join(folder, relative), { withFileTypes: true })) {
      if (found.length >= FILES_MAX) return;
      const inner = relative ? `${relative}/${entry.name}` : entry.name;
      if (entry.isDirectory()) {
        if (!SKIPPED.test(entry.name) && !existsSync(path.join(folder, inner, 'package.json'))) visit(inner);
      } else if (isRead(entry.name) && statSync(path.join(folder, inner)).size <= BYTES_MAX)
        found.push(inner);
    }
  };
  visit('');
  return found;
}

const isRead = (name: string) =>
  !TEST.test(name) && (EXAMPLE.test(name) || SETUP.test(name) || SOURCE.test(name));

/** `.env` files are published only when they are kept under version control. */
function trackedEnvFiles(folder: string): string[] {
  try {
    const listed = execFileSync('git', ['ls-files', '--', '.env*'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return listed.split('\n').filter((file) => file && !EXAMPLE.test(file));
  } catch {
    return [];
  }
}

const IS_SECRET = /secret|key|token|salt|passw/i;
/** `secret: process.env.X ?? '…'`, `KEY || "…"`, `[process.env.SECRET, '…'`, `new TextEncoder().encode('…'` */
const LEADS_TO_SECRET =
  /(?:secret|key|salt|passw)\w*["')\]]*\s*(?:\?\?|\|\||[:=,([])[^"'`\n]{0,60}$|\bencode\($/i;
/** `NAME=value`, `name: value`, as in `.env` files, YAML, TOML, shell and documents. */
const ASSIGNED = /([A-Za-z_][\w.-]*)["'`]?[ \t]*[:=][ \t]*(?:\$\{\w+:[-?=])?(["'`]?)([^\n]*)/g;
const QUOTED = /(["'`])((?:(?!\1)[^\\\n$]|\\.|\$(?!\{)){3,256})\1/g;

/** Values that are assigned on lines, without their quotes and comments. */
function* assignedIn(text: string): Generator<{ value: string; isNamed: boolean }> {
  for (const [, name = '', quote, rest = ''] of text.matchAll(ASSIGNED)) {
    const isNamed = IS_SECRET.test(name);
    const end = quote ? rest.indexOf(quote) : -1;
    const value = (end >= 0 ? rest.slice(0, end) : rest).trim();
    yield { value, isNamed };
    // One line may hold several: `"start": "AUTH_SECRET=… next start"`.
    if (/\w\s*[:=]/.test(rest)) yield* assignedIn(rest);
    if (end < 0)
      for (const cut of [/\s+#.*$/, /[}"'`,;\\]+$/, /\s.*$/])
        if (cut.test(value)) yield { value: value.replace(cut, ''), isNamed };
  }
}

function* quotedIn(text: string): Generator<{ value: string; isNamed: boolean }> {
  for (const match of text.matchAll(QUOTED)) {
    const before = text.slice(Math.max(0, match.index - 100), match.index);
    const isNamed = LEADS_TO_SECRET.test(before.slice(before.lastIndexOf('\n') + 1));
    yield { value: (match[2] as string).replace(/\\(["'`\\])/g, '$1'), isNamed };
  }
}

/**
 * Reads examples, documents, set-up files and sources of an app.
 *
 * @param folder of the app; one that is not there has no words
 * @returns each word once, with the place it was read first; examples come first, then what is named as a secret
 */
export function publishedWords(folder: string): PublishedWord[] {
  if (!existsSync(folder)) return [];
  const words = new Map<string, PublishedWord>();
  for (const where of [...filesOf(folder), ...trackedEnvFiles(folder)]) {
    if (words.size > WORDS_MAX) break;
    const name = path.basename(where);
    const isExample = EXAMPLE.test(name) || SETUP.test(name);
    const text = readFileSync(path.join(folder, where), 'utf8');
    const found = SOURCE.test(name) ? [quotedIn(text)] : [assignedIn(text), quotedIn(text)];
    for (const each of found)
      for (const { value, isNamed } of each) {
        if (value.length < SHORTEST || value.length > LONGEST) continue;
        const known = words.get(value);
        const better = known && (isExample && !known.isExample ? true : isNamed && !known.isNamed);
        if (!known || better)
          words.set(value, {
            value,
            where,
            isExample: isExample || Boolean(known?.isExample),
            isNamed: isNamed || Boolean(known?.isNamed),
          });
      }
  }
  const rank = ({ isExample, isNamed }: PublishedWord) => (isNamed ? 0 : 2) + (isExample ? 0 : 1);
  return [...words.values()].sort((a, b) => rank(a) - rank(b));
}
