/** The list of templates: which usage types stand in it, and each text. */
import { closest } from '../config/closest.ts';
import { type Analysis, isTree, type Template, type Tree, templatesOf } from './analysis.ts';
import { knownKeys } from './guard.ts';
import { judgeMessage, measure } from './message.ts';
import { judgePlaceholder } from './placeholder.ts';
import { keyPathOf } from './places.ts';
import type { TemplateRow } from './report.ts';
import { DEPRECATED_TYPES, isUsageType, localeType, sameType, USAGE_TYPES } from './usage-types.ts';

/**
 * @param explained key paths whose absence was told as a misspelt key
 * @returns whether missing types were told
 */
export function judgeTemplates(
  analysis: Analysis,
  required: readonly string[],
  explained: ReadonlySet<string>,
): boolean {
  const { config, tell } = analysis;
  if (!Array.isArray(config.templates)) return false;
  const templates = templatesOf(config);
  const present = new Set(templates.map(({ usageType }) => usageType));
  /** Missing types that a misspelt one was meant to be. */
  const meant = new Set<string>(
    templates
      .filter(({ path }) => explained.has(keyPathOf([...path, 'usageType'])))
      .flatMap(({ index }) => Object.values((config.templates as Record<string, unknown>[])[index] ?? {}))
      .flatMap((value) => (typeof value === 'string' && sameType(value)) || []),
  );
  for (const template of templates) judgeUsageType(analysis, template, present, meant);
  const missing = required.filter((type) => !present.has(type));
  for (const type of missing.filter((each) => !meant.has(each))) {
    tell({
      code: 'usage-type-missing',
      level: 'error',
      path: ['templates'],
      what: `There is no template with the usage type ${type}.`,
      expected: `${required.join(', ')}: the connector's guard refuses the config without them`,
      fix: `Add { "usageType": "${type}", "content": "… {{code}} …" }.`,
    });
  }
  for (const template of templates) judgeContent(analysis, template);
  return missing.length > 0;
}

function judgeUsageType(
  analysis: Analysis,
  { usageType, path, index }: Template,
  present: ReadonlySet<string | undefined>,
  meant: Set<string>,
): void {
  const { source, tell } = analysis;
  if (usageType === undefined) return;
  const here = [...path, 'usageType'];
  const expected = USAGE_TYPES.join(', ');
  if (isUsageType(usageType)) {
    const before = indexOfType(source.value, usageType);
    if (before < index && !differs(analysis, before, index)) {
      tell({
        code: 'usage-type-duplicate',
        level: 'warning',
        path: here,
        what: `${usageType} stands here again; the connector takes the first one (templates[${before}]), this one is never sent.`,
        expected: 'each usage type once',
        fix: 'Remove the one that is wrong.',
      });
    }
    return;
  }
  const language = localeType(usageType);
  if (language) {
    if (!present.has(language.type)) meant.add(language.type);
    tell({
      code: 'locale-template',
      level: present.has(language.type) ? 'warning' : 'error',
      path: here,
      what: `"${usageType}" asks for ${language.type} in a language (${language.locale}); Logto never sends this usage type.`,
      expected: `${language.type}, once, in one language: SMS connectors choose no template by language`,
      fix: `Keep one text for ${language.type}, in a language (or two in one text) that everybody reads.`,
    });
    return;
  }
  if (DEPRECATED_TYPES.includes(usageType)) {
    tell({
      code: 'usage-type-deprecated',
      level: 'note',
      path: here,
      what: `Logto sends no message of the type ${usageType} any more; connector tests use Generic.`,
      expected,
      fix: 'Remove the template.',
    });
    return;
  }
  const near =
    sameType(usageType) ?? (closest(usageType, USAGE_TYPES) as (typeof USAGE_TYPES)[number] | undefined);
  const free = near !== undefined && !present.has(near) && !meant.has(near);
  if (free) meant.add(near);
  tell({
    code: 'usage-type-unknown',
    level: free ? 'error' : 'warning',
    path: here,
    what: `${JSON.stringify(usageType)} is no usage type of Logto; this text is never sent.`,
    expected,
    fix: near
      ? free
        ? `Did you mean ${near}?`
        : `Remove the template; ${near} is there already.`
      : 'Remove the template.',
    ...(near &&
      free && {
        safeFix: {
          description: `${JSON.stringify(usageType)} replaced by "${near}"`,
          edits: [{ ...source.valueAt(here), content: JSON.stringify(near) }],
        },
      }),
  });
}

/** Whether two templates differ in a key that the guard of the connector knows beside type and text, such as a language. */
function differs({ config, connector }: Analysis, one: number, other: number): boolean {
  const [first, second] = [one, other].map((at) => (config.templates as Tree[])[at] ?? {});
  const keys = (knownKeys(connector).template ?? []).filter((key) => !['usageType', 'content'].includes(key));
  return keys.some((key) => JSON.stringify(first?.[key]) !== JSON.stringify(second?.[key]));
}

const indexOfType = (config: unknown, type: string): number =>
  isTree(config) ? (templatesOf(config).find(({ usageType }) => usageType === type)?.index ?? -1) : -1;

function judgeContent(analysis: Analysis, template: Template): void {
  const { tell, config } = analysis;
  const { content, path, index } = template;
  const raw = (config.templates as Record<string, unknown>[])[index]?.content;
  if (isTree(raw) || Array.isArray(raw)) {
    tell({
      code: 'locale-template',
      level: 'error',
      path: [...path, 'content'],
      what: '"content" holds several texts; SMS connectors choose no text by language.',
      expected: 'one text in double quotes',
      fix: 'Keep one text, in a language (or two in one text) that everybody reads.',
    });
    return;
  }
  if (content === undefined) return;
  if (content.trim() === '') {
    tell({
      code: 'template-empty',
      level: 'error',
      path: [...path, 'content'],
      what: 'The text is empty.',
      expected: 'a text with {{code}}; Twilio refuses an empty message with 21602',
      fix: 'Write the text.',
    });
    return;
  }
  judgePlaceholder(analysis, template);
  judgeMessage(analysis, template);
}

/** The table: each usage type of Logto, and types of the config that Logto does not know. */
export function templateTable(analysis: Analysis, required: readonly string[]): TemplateRow[] {
  const { config, twilio } = analysis;
  const templates = templatesOf(config);
  const listed = Array.isArray(config.templates);
  const hasGeneric = templates.some(({ usageType }) => usageType === 'Generic');
  return USAGE_TYPES.map((usageType): TemplateRow => {
    const own = templates.find((template) => template.usageType === usageType);
    const costs = (content: string | undefined) => (content ? measure(content) : {});
    const raw = own && (config.templates as Tree[])[own.index]?.content;
    if (raw !== undefined && typeof raw !== 'string') return { usageType, status: 'not judged' };
    if (own) return { usageType, status: 'covered', ...costs(own.content) };
    if (!listed) return { usageType, status: 'not judged' };
    if (required.includes(usageType)) return { usageType, status: 'missing' };
    if (twilio && hasGeneric) {
      return {
        usageType,
        status: 'falls back to Generic',
        ...costs(templates.find((template) => template.usageType === 'Generic')?.content),
      };
    }
    return { usageType, status: 'not judged' };
  });
}
