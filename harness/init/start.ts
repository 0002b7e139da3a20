/** How an app is built and started, and which port it takes. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { devServerOf } from '../targets/dev-server.ts';
import { type Project, scriptCommand } from './project.ts';
import { members, resolve, type SourceFile, walk } from './syntax.ts';
import { type Pieces, piecesOf } from './texts.ts';

export interface Start {
  command?: string;
  prepare?: string;
  /** Fixed port; undefined when the app listens where PORT says. */
  port?: number;
  /** Environment variable with the port, when it is not PORT. */
  portName?: string;
  /** The command is the development server. */
  development: boolean;
}

const PORT_FLAG = /(?:(?:^|\s)(?:-p|--port)[\s=]|(?:^|\s)PORT=)(\d{2,5})\b/;

/** Servers that take their port from a flag only. */
const NEEDS_FLAG = /\b(vite|astro|vinxi|qwik)\b/;

export function startOf(project: Project, sources: readonly SourceFile[]): Start {
  const { scripts, manager, framework } = project;
  const present = ['start', 'serve', 'preview', 'dev'].filter((each) => scripts[each]);
  const isDevelopment = (script: string) =>
    script === 'dev' || devServerOf(scripts[script] as string, project.folder) !== undefined;
  // Astro's and Qwik's `start` is their development server: then the next one that is none is taken.
  const name = present.find((script) => !isDevelopment(script)) ?? present[0];
  const development = name !== undefined && isDevelopment(name);
  const text = name ? (scripts[name] as string) : '';
  const build = scripts.build && !development ? scriptCommand(manager, 'build') : undefined;
  const named = PORT_FLAG.exec(text)?.[1];
  if (!name) {
    const main = ['server.js', 'index.js', 'app.js', 'src/server.js', 'src/index.js'].find((file) =>
      existsSync(path.join(project.folder, file)),
    );
    const next = framework === 'next';
    // Nuxt and SolidStart build a server of their own, which needs no script (nitro, preset node-server).
    const nitro = ['nuxt', 'solid-start', 'tanstack-start'].includes(framework);
    const server = nitro ? 'node .output/server/index.mjs' : main && `node ${main}`;
    return {
      command: next ? 'npx next start' : server,
      prepare: next ? 'npx next build' : build,
      development,
      ...listening(sources),
    };
  }
  if (framework === 'nuxt' && scripts.build && (development || /\bnux[ti] preview\b/.test(text)))
    return {
      command: 'node .output/server/index.mjs',
      prepare: scriptCommand(manager, 'build'),
      development: false,
    };
  const command = scriptCommand(manager, name);
  if (named) return { command, prepare: build, port: Number(named), development };
  if (NEEDS_FLAG.test(text) && !/^node /.test(text)) {
    const dashes = manager === 'npm' ? '-- ' : '';
    return { command: `${command} ${dashes}--port $PORT`, prepare: build, development };
  }
  const framed = framework === 'next' || framework === 'sveltekit' || framework === 'astro';
  return { command, prepare: build, development, ...(framed ? {} : listening(sources)) };
}

/** The port in `.listen(…)` or `serve({ port })`: a number, or the variable it is read from. */
function listening(sources: readonly SourceFile[]): { port?: number; portName?: string } {
  const found: Pieces[] = [];
  for (const source of sources) {
    walk(source.tree, (node) => {
      if (node.type !== 'CallExpression') return;
      const { callee } = node;
      const method =
        callee.type === 'MemberExpression' && callee.property.type === 'Identifier'
          ? callee.property.name
          : '';
      const [first] = node.arguments;
      if (method === 'listen' || (callee.type === 'Identifier' && callee.name === 'serve')) {
        const options = resolve(first, source);
        const pieces = piecesOf(
          options?.type === 'ObjectExpression' ? members(options).get('port') : first,
          source,
        );
        if (pieces) found.push(pieces);
      }
    });
  }
  const names = found.flat().flatMap((piece) => (typeof piece === 'string' ? [] : [piece.env]));
  if (names.includes('PORT')) return {};
  if (names[0]) return { portName: names[0] };
  const fixed = found.map((pieces) => Number(pieces.join(''))).find((port) => port > 0 && port < 65_536);
  return fixed ? { port: fixed } : {};
}
