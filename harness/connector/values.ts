/** Values of any connector: not filled in, empty, or with spaces around. */
import { type Analysis, textEdit } from './analysis.ts';
import type { KeyPath } from './places.ts';

/** What people leave standing where a value belongs. */
const NOT_FILLED_IN =
  /^<.*>$|^\$\{?[A-Z_][A-Z0-9_]*\}?$|^%[A-Z_]+%$|^\{\{.*\}\}$|^process\.env\.|^(?:your|my|the|insert|enter)[-_ ].*$|^(?:[A-Z]{2})?[xX*•.]{4,}$|^(?:change[-_ ]?me|todo|tbd|placeholder|replace[-_ ]?me|example|foo|bar|secret|token|none|null|undefined|test|\.\.\.|…)$/i;

/** @returns keys whose value says nothing, so that no other rule need look at it */
export function judgeValues({ source, config, tell, connector }: Analysis): Set<string> {
  const settled = new Set<string>();
  const form = (connector.metadata.formItems ?? []) as { key: string; required?: boolean }[];
  for (const [key, value] of Object.entries(config)) {
    if (typeof value !== 'string') continue;
    const path: KeyPath = [key];
    const trimmed = value.trim();
    const item = form.find((each) => each.key === key);
    if (trimmed === '') {
      if (item?.required === false || !item) continue;
      settled.add(key);
      tell({
        code: 'value-empty',
        level: 'error',
        path,
        what: `"${key}" is empty.`,
        expected: 'a value; the guard lets an empty text pass, the carrier does not',
        fix: `Fill in "${key}".`,
      });
      continue;
    }
    if (NOT_FILLED_IN.test(trimmed)) {
      settled.add(key);
      tell({
        code: 'value-not-filled-in',
        level: 'error',
        path,
        what: `"${key}" holds a stand-in, not a value${/^[$%]|process\.env/.test(trimmed) ? '; Logto fills in no environment variables' : ''}.`,
        expected: 'the value itself',
        fix: `Fill in "${key}".`,
      });
      continue;
    }
    if (/^endpoint$|url$/i.test(key) && !/^https?:\/\/[^/\s]+/.test(trimmed)) {
      tell({
        code: 'endpoint-malformed',
        level: 'error',
        path,
        what: `"${key}" is no address of a web server.`,
        expected: 'https:// and a host',
        fix: `Write the whole address${URL.canParse(`https://${trimmed}`) ? `, https:// included` : ''}.`,
      });
    }
    if (trimmed !== value) {
      const start = value.indexOf(trimmed);
      tell({
        code: 'surrounding-space',
        level: 'error',
        path,
        what: `"${key}" has ${start ? 'space before' : ''}${start && start + trimmed.length < value.length ? ' and ' : ''}${start + trimmed.length < value.length ? 'space after' : ''} its value.`,
        expected: 'the value alone; the connector sends it as it stands',
        fix: 'Remove the space.',
        safeFix: {
          description: `space around "${key}" removed`,
          edits: [
            textEdit(source, path, 0, start, ''),
            textEdit(source, path, start + trimmed.length, value.length, ''),
          ].filter(({ length }) => length > 0),
        },
      });
    }
  }
  return settled;
}
