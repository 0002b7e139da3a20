/** The config, key by key, in Markdown for the documentation site: what zod knows of it. */
import { z } from 'zod';
import { configSchema } from '../../config/config.ts';
import { plain } from './check-page.ts';

interface Json {
  type?: string | string[];
  properties?: Record<string, Json>;
  additionalProperties?: Json | boolean;
  items?: Json;
  anyOf?: Json[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  description?: string;
  required?: string[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
}

const code = (text: string) =>
  `<code v-pre>${text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/\|/g, '&#124;')}</code>`;

/** A type in words, such as `string[]`. */
export function typeOf({
  type,
  items,
  anyOf,
  enum: values,
  const: value,
  additionalProperties,
  properties,
}: Json): string {
  if (values) return values.map((each) => JSON.stringify(each)).join(' | ');
  if (value !== undefined) return JSON.stringify(value);
  if (anyOf) return anyOf.map(typeOf).join(' | ');
  if (type === 'array') return `${items ? typeOf(items).replace(/^(.* \| .*)$/, '($1)') : 'unknown'}[]`;
  if (type === 'object' && !properties && typeof additionalProperties === 'object')
    return `Record<string, ${typeOf(additionalProperties) || 'unknown'}>`;
  return [type ?? 'unknown'].flat().join(' | ');
}

function rows(schema: Json, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, each]) => {
    const key = `${prefix}${name}`;
    const inner = each.properties ? each : each.anyOf?.find(({ properties }) => properties);
    const isEmpty = each.default !== null && typeof each.default === 'object';
    const value =
      each.default === undefined || isEmpty ? '' : `<br>default ${code(JSON.stringify(each.default))}`;
    const row = `| ${code(key)}<br>${code(typeOf(each))}${value} | ${plain(each.description ?? '')} |`;
    return [row, ...(inner ? rows(inner, `${key}.`) : [])];
  });
}

/** The whole page; one section a top-level key that has keys of its own. */
export function configPage(): string {
  const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as Json;
  const head = ['| key | what it is |', '| :-- | :-- |'];
  const top = Object.entries(schema.properties ?? {});
  const plainKeys = { properties: Object.fromEntries(top.filter(([, each]) => !each.properties)) };
  const sections = top.filter(([, each]) => each.properties);
  return [
    '# Config reference',
    'Every key of `conformance.config.ts`, as the schema has it. Unknown keys are refused, with the key that was probably meant. An example with comments is written by `authjs-conformance init`.',
    ...sections.flatMap(([name, each]) => [
      `## ${name}`,
      plain(each.description ?? ''),
      [...head, ...rows(each, `${name}.`)].join('\n'),
    ]),
    '## Keys of their own',
    [...head, ...rows(plainKeys, '')].join('\n'),
  ].join('\n\n');
}
