/** Ids of what a page shows to its member: in addresses of links and forms, in hidden fields, in values that a server action is bound to. */
import { parse } from 'parse5';
import { attribute, elements } from '../../visitor/forms.ts';

const IDS_MAX = 3;
/** Signs of an id: figures among letters, or many letters. */
export const isId = (value: string): boolean =>
  /^[\w-]{1,64}$/.test(value) && (/\d/.test(value) || value.length >= 20);
const NAMED = /(?:^|_)id$|Id$|^(?:uuid|slug|key)$/;

/** The texts in the value of a bound field: `["c4f1"]`. */
function boundIn(value: string): string[] {
  try {
    const values: unknown = JSON.parse(value);
    return Array.isArray(values)
      ? values.filter((each) => typeof each === 'string' || typeof each === 'number').map(String)
      : [];
  } catch {
    return [];
  }
}

/**
 * Ids of things on a page.
 *
 * @param elsewhere pages of others: what stands there as well is nobody's
 */
export function idsOnPage(html: string, elsewhere: readonly string[] = []): string[] {
  const found = new Set<string>();
  const add = (value: string) => {
    if (isId(value) && !elsewhere.some((page) => page.includes(value))) found.add(value);
  };
  for (const element of elements(parse(html))) {
    const [to = '', name = '', value = ''] = ['href', 'name', 'value'].map((each) =>
      attribute(element, each),
    );
    if (element.tagName === 'a' && to.startsWith('/')) {
      const [bare = '', query = ''] = to.split('?');
      const parts = bare.split('/').filter(Boolean);
      if (parts.length > 1) add(parts.at(-1) ?? '');
      for (const [key, each] of new URLSearchParams(query)) if (NAMED.test(key)) add(each);
    }
    const action = element.tagName === 'form' ? (attribute(element, 'action') ?? '') : '';
    if (action.startsWith('/')) action.split(/[/?]/).slice(2).forEach(add);
    if (element.tagName !== 'input' || attribute(element, 'type') !== 'hidden') continue;
    if (/^\$ACTION_\d+:[1-9]/.test(name)) boundIn(value).forEach(add);
    else if (NAMED.test(name)) add(value);
  }
  return [...found].slice(0, IDS_MAX);
}
