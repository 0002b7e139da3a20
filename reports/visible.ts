/**
 * What others wrote (apps, reports, configs) as it may reach a terminal or a log of a CI system: characters that steer a
 * terminal or turn the order of letters are shown as what they are, and no line can be taken for a command.
 */

/**
 * C0 but tab and line feed, DEL, C1 (ECMA-48), and the characters that change the direction of a text (Unicode TR 9; the
 * sources of CVE-2021-42574).
 */
const STEERING_TEXT = String.raw`\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]`;
const STEERING = new RegExp(STEERING_TEXT, 'g');

const shown = (character: string): string =>
  `\\u${(character.codePointAt(0) as number).toString(16).padStart(4, '0')}`;

/** A text whose steering characters are shown as `\u001b`, which is what JSON would make of them. */
export const visible = (text: string): string => text.replace(STEERING, shown);

/** Whether something in a tree steers; in a long history next to nothing does. */
const steers = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.search(STEERING) >= 0
    : Array.isArray(value)
      ? value.some(steers)
      : value !== null && typeof value === 'object'
        ? Object.keys(value).some((name) => steers(name) || steers((value as Record<string, unknown>)[name]))
        : false;

/** Every string of a tree, its names too; a tree in which nothing steers is the same tree. */
export function visibleIn<Value>(value: Value): Value {
  if (typeof value === 'string') return visible(value) as Value;
  if (!value || typeof value !== 'object' || !steers(value)) return value;
  if (Array.isArray(value)) return value.map(visibleIn) as Value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [visible(name), visibleIn(each)]),
  ) as Value;
}

/** Colours, and the line that tells how far a run is: what our own texts steer a terminal with. */
const OURS = String.raw`\x1b\[[\d;]{0,12}m|\r\x1b\[2K`;
const STEERING_BUT_OURS = new RegExp(`(${OURS})|${STEERING_TEXT}`, 'g');

/**
 * A text as it is printed.
 *
 * Commands: GitHub Actions takes `::name` at the start of a line and `##[name]` anywhere
 * (https://docs.github.com/actions/reference/workflow-commands-for-github-actions, actions/runner ActionCommand.cs), Azure
 * Pipelines `##vso[name]` (https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands), TeamCity
 * `##teamcity[name]` (https://www.jetbrains.com/help/teamcity/service-messages.html).
 */
export const printable = (text: string): string =>
  text
    .replace(STEERING_BUT_OURS, (found, own: string | undefined) => own ?? shown(found))
    .replace(/##(?=\s*(?:vso|teamcity)?\[)/gi, '# #')
    .replace(/^([^\S\n]*):(?=:)/gm, '$1: ');

interface Stream {
  write(text: string | Uint8Array, ...rest: never[]): boolean;
}
const guarded = new WeakMap<Stream, Stream['write']>();

/** From now on texts that are written there are {@link printable}; called once, where a process begins. */
export function guardOutput(stream: Stream): void {
  if (guarded.has(stream)) return;
  const write = stream.write.bind(stream);
  guarded.set(stream, write);
  stream.write = (text, ...rest) => write(typeof text === 'string' ? printable(text) : text, ...rest);
}

/** Writes workflow commands of our own, in which what others wrote is escaped. */
export const writeCommands = (stream: Stream, text: string): boolean =>
  (guarded.get(stream) ?? stream.write.bind(stream))(text);
