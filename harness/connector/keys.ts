/** Keys of the config and of its templates: unknown ones, and what they were meant to be. */
import { closest } from '../config/closest.ts';
import { type Analysis, createTeller, isTree } from './analysis.ts';
import type { KnownKeys } from './guard.ts';
import { type KeyPath, keyPathOf } from './places.ts';
import type { ConnectorFinding } from './report.ts';
import type { Source } from './source.ts';

const NO_NUMBER = /^(?:from|sender)(?:_?(?:phone)?_?number|_?phone|_?id)?$|^phone_?number$/i;
const LANGUAGE = /^(?:locale|lang|language|i18n|languages|locales|translations?)$/i;
/** Editors read it; every connector's guard drops it. */
const FOR_EDITORS = new Set(['$schema']);
/** Other words for the members of a template. */
const TEMPLATE_WORDS: Record<string, string> = {
  type: 'usageType',
  usage: 'usageType',
  name: 'usageType',
  event: 'usageType',
  text: 'content',
  body: 'content',
  message: 'content',
  template: 'content',
};

const quoted = (keys: readonly string[]) => keys.map((key) => `"${key}"`).join(', ');

/** The config must be one object, not a whole connector. Tells and returns undefined when it is something else. */
export function configObject(
  source: Source,
  known: KnownKeys,
  findings: ConnectorFinding[],
): Record<string, unknown> | undefined {
  const tell = createTeller(source, findings);
  const value = source.value;
  if (!isTree(value)) {
    tell({
      code: 'config-not-object',
      level: 'error',
      path: [],
      what: `The file holds ${Array.isArray(value) ? 'a list' : value === null ? 'null' : `a ${typeof value}`}.`,
      expected: 'one object in braces { }, as it stands in the form of the connector in Logto',
      fix: Array.isArray(value)
        ? 'Take the config of one connector out of the list.'
        : 'Paste the config of the connector.',
    });
    return undefined;
  }
  const own = Object.keys(value).some((key) => known.config?.includes(key));
  if (isTree(value.config) && !own) {
    const outer = source.valueAt([]);
    const inner = source.valueAt(['config']);
    tell({
      code: 'config-wrapped',
      level: 'error',
      path: ['config'],
      atKey: true,
      what: 'The file holds a whole connector, with its config under "config".',
      expected: 'the config alone',
      fix: 'Keep only the object under "config".',
      safeFix: {
        description: 'only the object under "config" kept',
        edits: [
          { offset: outer.offset, length: inner.offset - outer.offset, content: '' },
          {
            offset: inner.offset + inner.length,
            length: outer.offset + outer.length - inner.offset - inner.length,
            content: '',
          },
        ],
      },
    });
    return undefined;
  }
  return value;
}

/** @returns key paths whose absence is explained by a misspelt key */
export function judgeKeys(analysis: Analysis, known: KnownKeys): Set<string> {
  const { config } = analysis;
  const explained = new Set<string>();
  judgeObject(analysis, [], config, known.config, explained);
  if (Array.isArray(config.templates)) {
    for (const [index, item] of config.templates.entries()) {
      if (isTree(item)) judgeObject(analysis, ['templates', index], item, known.template, explained);
    }
  }
  return explained;
}

function judgeObject(
  { source, tell, twilio }: Analysis,
  path: KeyPath,
  object: Record<string, unknown>,
  known: string[] | undefined,
  explained: Set<string>,
): void {
  if (!known) return;
  const inTemplate = path.length > 0;
  const missing = known.filter((key) => !(key in object) && !explained.has(keyPathOf([...path, key])));
  for (const key of Object.keys(object)) {
    if (known.includes(key) || FOR_EDITORS.has(key)) continue;
    const here = [...path, key];
    const word = inTemplate ? TEMPLATE_WORDS[key.toLowerCase()] : undefined;
    const meant = closest(key, missing) ?? (word && missing.includes(word) ? word : undefined);
    const place = source.keyAt(here);
    if (meant) {
      explained.add(keyPathOf([...path, meant]));
      missing.splice(missing.indexOf(meant), 1);
      tell({
        code: 'unknown-key',
        level: 'error',
        path: here,
        atKey: true,
        what: `"${key}" is no key of ${inTemplate ? 'a template' : 'this connector'}.`,
        expected: quoted(known),
        fix: `Did you mean "${meant}"?`,
        safeFix: {
          description: `"${key}" renamed to "${meant}"`,
          edits: [{ ...place, content: JSON.stringify(meant) }],
        },
      });
    } else if (inTemplate && LANGUAGE.test(key)) {
      tell({
        code: 'locale-template',
        level: 'error',
        path: here,
        atKey: true,
        what: `"${key}" asks for a template in a language; this connector knows one text for each usage type.`,
        expected: `${quoted(known)}, each usage type once, in one language`,
        fix: 'Keep one text for each usage type, in a language (or two in one text) that everybody reads.',
      });
    } else if (twilio && !inTemplate && NO_NUMBER.test(key)) {
      tell({
        code: 'from-number-unsupported',
        level: 'warning',
        path: here,
        atKey: true,
        what: `"${key}" is dropped: the connector sends through a Messaging Service and never names a number.`,
        expected: '"fromMessagingServiceSID" with the SID of a Messaging Service that owns the number',
        fix: 'Add the number to the sender pool of the Messaging Service, and remove the key.',
      });
    } else {
      const near = closest(key, known);
      tell({
        code: 'unknown-key',
        level: 'warning',
        path: here,
        atKey: true,
        what: `"${key}" is no key of ${inTemplate ? 'a template' : 'this connector'}; Logto drops it.`,
        expected: quoted(known),
        fix: near ? `Remove it, or did you mean "${near}", which is there already?` : 'Remove it.',
      });
    }
  }
}
