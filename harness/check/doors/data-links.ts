/** Addresses in data: where an API says that a thing, or more of a list, is found (HAL, JSON:API, links of an app's own). */

const NAMES =
  /^(?:href|self|next|prev(?:ious)?|related|location|permalink|download|src)$|(?:ur[il]|href|link)$/i;
const LINKS_MAX = 10;

/**
 * Paths on the same origin that data name as addresses, each once.
 *
 * @param text JSON; anything else names none
 * @param base where the data were read
 */
export function linksInData(text: string, base: URL): string[] {
  const found = new Set<string>();
  const collect = (value: unknown, name: string): void => {
    if (Array.isArray(value)) for (const each of value) collect(each, name);
    else if (typeof value === 'object' && value !== null)
      for (const [inner, each] of Object.entries(value)) collect(each, inner);
    else if (
      typeof value === 'string' &&
      NAMES.test(name) &&
      /^(?:\/(?!\/)|https?:\/\/)\S+$/.test(value) &&
      URL.canParse(value, base)
    ) {
      const url = new URL(value, base);
      if (url.origin === base.origin) found.add(url.pathname + url.search);
    }
  };
  try {
    collect(JSON.parse(text), '');
  } catch {
    return [];
  }
  return [...found].slice(0, LINKS_MAX);
}
