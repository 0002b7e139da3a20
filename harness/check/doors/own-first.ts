/** Lists in data with what is a member's own in front: the first few things of a list are looked at, and others may stand before. */

/** Longer lists are left as they are. */
const ITEMS_MAX = 500;

/**
 * The same data, each list of which begins with the items that tell of the member.
 *
 * @param body JSON; anything else is given back as it is
 * @param isOwn whether a text tells of the member
 */
export function ownFirst(body: string, isOwn: (text: string) => boolean): string {
  const ordered = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      const items = value.map(ordered);
      if (items.length > ITEMS_MAX) return items;
      const own = items.filter((item) => isOwn(JSON.stringify(item)));
      return [...own, ...items.filter((item) => !own.includes(item))];
    }
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, ordered(inner)]));
  };
  try {
    return JSON.stringify(ordered(JSON.parse(body)));
  } catch {
    return body;
  }
}
