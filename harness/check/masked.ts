/** What stands for the signs that are left out. */
const MASK = /[*•●∙·…]+/;

/** Whether a value is another one with signs left out of its middle or its ends, as `a•••@people.example` is. */
export function isMaskOf(shown: unknown, whole: unknown): boolean {
  if (typeof shown !== 'string' || typeof whole !== 'string' || shown === whole) return false;
  const parts = shown.split(MASK);
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  return parts.length > 1 && first + last !== '' && whole.startsWith(first) && whole.endsWith(last);
}
