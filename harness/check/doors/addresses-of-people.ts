/** Addresses at which people have pages of their own, as they read: `/u/otter-17`, `/@ada`, `/members/7`. */

/** Words of addresses that are of people, one each. An order, or a patient's record, names its owner as well, and is no profile. */
const OF_PEOPLE =
  /\/(?:[@~]|(?:u|users?|members?|people|persons?|profiles?|authors?|writers?|players?|sellers?|hosts?|artists?|creators?|team|staff)\/)/i;
const ENDS_SO = new RegExp(`${OF_PEOPLE.source}$`, 'i');

export const isOfPeople = (kind: string): boolean => ENDS_SO.test(kind);

/** What addresses of one kind have in common: `/u/` of `/u/17`, `/@` of `/@otter-17`. */
export const kindOf = (path: string): string => (path.split('?')[0] ?? '').replace(/[^/@~]*$/, '');

/** The last part of an address, where it is what people are called by; a number may be that of anything. */
export const handleIn = (path: string): string | undefined =>
  /[/@~]((?=[^/]*[a-z])[\w.-]{5,})\/?$/i.exec(path.split('?')[0] ?? '')?.[1];

/** Whether a page may link to pages of people: quicker to find out than which of its links do. */
export const mayLinkPeople = (html: string): boolean =>
  new RegExp(`href=["']?[^"'\\s>]*${OF_PEOPLE.source}[^/"'\\s>]`, 'i').test(html);
