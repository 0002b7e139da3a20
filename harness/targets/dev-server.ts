/** Whether an app is run by a development server: it behaves otherwise than what people use. */
import path from 'node:path';
import { readGivenJson } from '../../reports/given-file.ts';

/** Commands of servers that compile while they serve, or start anew when a file changes. */
const DEV_SERVERS: [RegExp, string][] = [
  [/\b(next|astro|nuxt|nuxi|vinxi|remix|react-router|wrangler|svelte-kit|solid-start)\s+dev\b/, '$1 dev'],
  [/\bvite\b(?!\s+(?:build|preview|optimize)\b)(?![-/.\w])/, 'vite'],
  [/\b(tsx|bun|deno)\s+(?:run\s+)?(?:watch\b|--watch\b|--hot\b)/, '$1 watch'],
  [/\bnode\s+(?:\S+\s+)*?--watch\b/, 'node --watch'],
  [/\b(nodemon|ts-node-dev)\b/, '$1'],
];

/** `npm run dev`, `pnpm dev`, `yarn start`: the name of the script. */
const SCRIPT =
  /(?:^|[&|;]\s*)(?:\w+=\S*\s+)*(?:npm|pnpm|yarn|bun)\s+(?:run(?:-script)?\s+)?(?!exec\b|dlx\b|x\b)([\w:.-]+)/;

/** Scripts of the package.json in a folder; none where there is none. */
export function scriptsIn(folder: string): Record<string, string> {
  try {
    return (
      (readGivenJson(path.join(folder, 'package.json')) as { scripts?: Record<string, string> }).scripts ?? {}
    );
  } catch {
    return {};
  }
}

/** The development server that a command line is, or undefined. */
export function devServerIn(command: string): string | undefined {
  for (const [pattern, name] of DEV_SERVERS) {
    const match = pattern.exec(command);
    if (match) return name.replace('$1', match[1] ?? '');
  }
  return undefined;
}

/**
 * The development server that a command starts, by itself or through scripts of package.json.
 *
 * @param folder with the package.json of the app
 */
export function devServerOf(command: string, folder: string): string | undefined {
  const scripts = scriptsIn(folder);
  let text: string | undefined = command;
  for (const seen = new Set<string>(); text && !seen.has(text); ) {
    seen.add(text);
    const found = devServerIn(text);
    if (found) return found;
    text = scripts[SCRIPT.exec(text)?.[1] ?? ''];
  }
  return undefined;
}
