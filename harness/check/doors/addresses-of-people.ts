/** Addresses at which people have pages of their own, as they read: `/u/otter-17`, `/@ada`, `/members/7`. */

import { percentDecoded } from '../issued-in.ts';

/** Words of addresses that are of people, one each. An order, or a patient's record, names its owner as well, and is no profile. */
const OF_PEOPLE =
  /\/(?:[@~]|(?:u|users?|members?|people|persons?|profiles?|authors?|writers?|players?|sellers?|hosts?|artists?|creators?|team|staff)\/)/i;
const ENDS_SO = new RegExp(`${OF_PEOPLE.source}$`, 'i');

/**
 * Whether addresses of a kind are those of people.
 *
 * @param declared paths below which each member has a public page (`pages.profiles`)
 */
export const isOfPeople = (kind: string, declared: readonly string[] = []): boolean =>
  ENDS_SO.test(kind) || declared.some((path) => kind === `${path}/`);

/** What addresses of one kind have in common: `/u/` of `/u/17`, `/@` of `/@otter-17`. */
export const kindOf = (path: string): string => (path.split('?')[0] ?? '').replace(/[^/@~]*$/, '');

/** The last part of an address, where it is what people are called by; a number may be that of anything. */
export const handleIn = (path: string): string | undefined =>
  /[/@~]((?=[^/]*[a-z])[\w.-]{5,})\/?$/i.exec(path.split('?')[0] ?? '')?.[1];

/** Whether a page may link to pages of people: quicker to find out than which of its links do. */
export const mayLinkPeople = (html: string): boolean =>
  new RegExp(`href=["']?[^"'\\s>]*${OF_PEOPLE.source}[^/"'\\s>]`, 'i').test(html);

/** What stands below the page of a member, and is for that one alone by its name. */
const FOR_ITSELF =
  /setting|account|order|invoice|bill|pay|inbox|message|mail|edit|draft|admin|booking|notif|secur|session|key|token|export|wallet|saved|private|manage/i;
const HANDLE = /^[@~]?(?=.*[a-z])[\w.-]{5,}$/i;

/** Where a handle may stand in an address before something else: `/@*\/followers` of `/@ada-7f2/followers`. */
export interface Below {
  /** The address with a star for the handle. */
  pattern: string;
  /** That of the page of the member itself, and what stands below it. */
  root: string;
  rest: string;
}

/** Addresses that stand below the page of somebody, as far as their parts may be handles; what is for that one alone by its name is none. */
export function belowHandle(path: string): Below[] {
  const parts = (path.split('?')[0] ?? '').split('/');
  return parts.slice(0, -1).flatMap((part, at) => {
    const rest = `/${parts.slice(at + 1).join('/')}`;
    if (!HANDLE.test(part) || FOR_ITSELF.test(rest)) return [];
    const root = parts.slice(0, at + 1).join('/');
    return [{ pattern: `${kindOf(root)}*${rest}`, root, rest }];
  });
}

/** Whether a page says of itself that it is the profile of somebody (Open Graph protocol). */
export const saysProfile = (html: string): boolean =>
  /<meta\b[^>]*og:type[^>]*\bcontent=["']?profile\b|<meta\b[^>]*\bcontent=["']?profile\b[^>]*og:type/i.test(
    html,
  );

const LINK = /<a\b[^>]*?\bhref=["']?(\/[^"'?#\s>]+)[^>]*>([\s\S]{0,200}?)<\/a>/gi;
const SAYS_PUBLIC =
  /\bpublic\b|öffentlich|publique|p[úu]blic[oa]\b|pubblic[oa]\b|openba(?:ar|re)|offentlig|publiczn|公開|公开|공개/i;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * Whether a page leads to an address as to something for everybody: strangers are shown the page, or the words of the link say so. It
 * ends in what people are called by; an id tells nothing.
 *
 * @param paths addresses of pages that name somebody
 * @param toStrangers whether the page was shown to strangers
 */
export const leadsPublicly = (html: string, paths: ReadonlySet<string>, toStrangers: boolean): boolean =>
  // Quicker to find out than which links a page has.
  [...paths].some((path) => html.includes(kindOf(path))) &&
  [...html.matchAll(LINK)].some(([, to = '', words = '']) => {
    const path = percentDecoded(to).replace(/\/$/, '');
    const handle = handleIn(path);
    return (
      paths.has(path) &&
      handle !== undefined &&
      !UUID.test(handle) &&
      (toStrangers || SAYS_PUBLIC.test(words.replace(/<[^>]*>/g, ' ')))
    );
  });
