/** What a page of another site can put into a link that it has a member open: it knows the app, and nothing that was made for the member. */

/** Signs of chance: letters and digits mixed, or many of either. */
const isMadeUp = (value: string): boolean =>
  (value.length >= 8 && /\d/.test(value) && /[a-z]/i.test(value)) || /^[\w-]{20,}$/.test(value);

/**
 * A link of a member's page as another site can name it: tokens in its query are replaced by one of its own making.
 *
 * @param link path and query
 * @param own what the other site says itself
 * @returns undefined where the path itself names what nobody else can know
 */
export function asOthersKnow(link: string, own?: string): string | undefined {
  const { pathname, searchParams } = new URL(link, 'http://app');
  if (pathname.split('/').some(isMadeUp)) return undefined;
  for (const [name, value] of [...searchParams])
    if (value !== own && isMadeUp(value)) searchParams.set(name, 'conformance');
  return pathname + (searchParams.size ? `?${searchParams}` : '');
}
