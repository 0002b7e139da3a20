/** The text of a config file. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ConfigInput } from '../config/config.ts';
import { CONFIG_FILES } from '../config/defaults.ts';
import type { Plan } from './plan-type.ts';

/**
 * The name of a module that is there keeps, so that it is the one that is replaced. Else TypeScript when the app has
 * it and can import our types (a type check of the app would fail otherwise), or a module, which every app can load. Node
 * warns of a module that is called `.ts` in a package that is none, each time that it is loaded (MODULE_TYPELESS_PACKAGE_JSON).
 */
export const configFileName = ({ project }: Plan): string =>
  CONFIG_FILES.find((name) => !name.endsWith('.json') && existsSync(path.join(project.folder, name))) ??
  (project.typescript && project.installed
    ? `conformance.config.${project.isModule ? 'ts' : 'mts'}`
    : 'conformance.config.mjs');

const key = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name));
const literal = (text: string) =>
  `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n')}'`;

/** A value as source text. */
function source(value: unknown, indent: string): string {
  if (typeof value === 'string') return literal(value);
  if (Array.isArray(value)) return `[${value.map((item) => source(item, indent)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  const inside = `${indent}  `;
  return `{\n${entries.map(([name, inner]) => `${inside}${key(name)}: ${source(inner, inside)},\n`).join('')}${indent}}`;
}

/** The config file of a plan; what is to be filled in stands in it as comments. */
export function renderConfig(plan: Plan, file: string): string {
  const notes = [
    ...plan.missing.map(({ key: name, text }) => `// To fill in - ${name}: ${text}.`),
    ...plan.guessed.map(({ key: name, text }) => `// Guessed - ${name}: ${text}.`),
  ];
  const config: ConfigInput = plan.config;
  const head =
    'Settings of `npx authjs-conformance run`; `npx authjs-conformance run --help` lists them all.';
  const text = source(config, '');
  return /\.m?ts$/.test(file)
    ? `import type { ConfigInput } from 'authjs-conformance';\n\n// ${head}\n${lines(notes)}export default ${text} satisfies ConfigInput;\n`
    : `// ${head}\n${lines(notes)}/** @type {import('authjs-conformance').ConfigInput} */\nexport default ${text};\n`;
}

const lines = (notes: readonly string[]) => notes.map((note) => `${note}\n`).join('');
