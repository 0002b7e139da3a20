/** Reads the message of a failed `expect` and says in one sentence what the app did. */

/** Longest value that is quoted in a sentence. */
const VALUE_MAX = 160;
const short = (value: string) => {
  const line = value.trim().replace(/\s*\n\s*/g, ' ');
  return line.length > VALUE_MAX ? `${line.slice(0, VALUE_MAX)}…` : line;
};

/** Value of a `Label: value` line; values may run over several lines. */
function field(text: string, label: RegExp): string | undefined {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => label.test(line));
  if (at < 0) return undefined;
  const head = (lines[at] as string).replace(label, '').trim();
  const rest = lines.slice(at + 1);
  const end = rest.findIndex(
    (line) => line.trim() === '' || /^[A-Z][\w ]*:/.test(line) || /^\s+at /.test(line),
  );
  return [head, ...rest.slice(0, end < 0 ? rest.length : end)].join('\n').trim() || undefined;
}

const DIFFERENCE = /^[-+] (?!Expected|Received)/;

/**
 * @param text message of the error, without colours: an optional text given to `expect`, then Playwright's own lines
 * @param appMust the duty; left out of the sentence, because reports show it next to it
 */
export function sentenceOf(text: string, appMust: string): string {
  const at = text.search(/(?:^|\n)\s*expect(?:\.soft)?\(/);
  const own = text
    .slice(0, Math.max(at, 0))
    .replace(/^(?:Error: )+/, '')
    .trim();
  const machine = text.slice(Math.max(at, 0)).trim();
  const topic = own && own !== appMust.trim() ? `${own.replace(/[.:]$/, '')}: ` : '';
  return topic + observed(machine);
}

function observed(machine: string): string {
  const [, negated, matcher = ''] = /\)\.(not\.)?(to\w+)/.exec(machine.split('\n')[0] ?? '') ?? [];
  const locator = field(machine, /^Locator:/);
  const expected = field(machine, /^Expected(?: (?:value|substring|pattern|string|length|path|keys?|URL))?:/);
  const received = field(machine, /^Received(?: (?:value|string|array|object|length|path|promise|URL))?:/);
  const notFound = /element\(s\) not found/.test(machine);
  if (locator) {
    const timeout = field(machine, /^Timeout:/);
    const state = notFound
      ? 'was not on the page'
      : received
        ? `was ${short(received)}`
        : 'was not as expected';
    return `${short(locator)} ${state}${expected ? `, expected ${short(expected)}` : ''}${timeout ? ` (waited ${timeout})` : ''}.`;
  }
  if (negated)
    return `Got ${short(received ?? expected ?? 'a value').replace(/^not /, '')}, which must not be.`;
  const difference = machine.split('\n').filter((line) => DIFFERENCE.test(line));
  if (difference.length) return `Got a value that differs: ${short(difference.slice(0, 6).join(' '))}.`;
  if (received === undefined)
    return expected
      ? `Did not give ${short(expected)}.`
      : `${short(machine.split('\n')[0] ?? machine)} did not hold.`;
  if (expected === undefined) return `Got ${short(received)} (${matcher}).`;
  if (matcher === 'toContain' || matcher === 'toContainEqual')
    return `Got ${short(received)}, without ${short(expected)}.`;
  if (matcher === 'toMatch') return `Got ${short(received)}, which does not match ${short(expected)}.`;
  return `Got ${short(received)}, expected ${short(expected)}.`;
}
