/** Pages as they are sent: their elements, and the forms on them that a person could post. */
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { SIGN_OUT } from './sign-words.ts';

/** Following these would end the session, or take something away. */
export const LEFT_ALONE = new RegExp(
  `${SIGN_OUT.source}|good.?bye|end.?session|delete|remove|cancel|unsubscribe|revoke`,
  'i',
);

export function* elements(node: DefaultTreeAdapterTypes.Node): Generator<DefaultTreeAdapterTypes.Element> {
  if ('tagName' in node) yield node;
  if ('childNodes' in node) for (const child of node.childNodes) yield* elements(child);
}

export const attribute = ({ attrs }: DefaultTreeAdapterTypes.Element, name: string) =>
  attrs.find((each) => each.name === name)?.value;

export const wordsOf = (node: DefaultTreeAdapterTypes.Node): string =>
  'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(wordsOf).join(' ') : '';

/** A form that is posted to the app itself. */
export interface Form {
  /** Path and query that it is posted to. */
  action: string;
  fields: Record<string, string>;
  /** It is posted as multipart/form-data; so are all forms of server actions. */
  multipart: boolean;
  /** Names of the fields that take any text. */
  texts: string[];
}

/** What people would type. */
const FILLED: Record<string, string> = {
  email: 'somebody@people.example',
  number: '1',
  tel: '12025550100',
  date: '2030-01-01',
  url: 'https://people.example/',
};

/**
 * Forms on a page that post to its own origin; those that read like a sign-out, or take something away, are left out.
 *
 * @param method what they are sent by; `get` is what a form does that says nothing
 */
export function formsIn(html: string, page: URL, basePath: string, method: 'get' | 'post' = 'post'): Form[] {
  return [...elements(parse(html))].flatMap((form): Form[] => {
    if (form.tagName !== 'form' || (attribute(form, 'method')?.toLowerCase() || 'get') !== method) return [];
    const given = attribute(form, 'action') || page.href;
    if (!URL.canParse(given, page)) return [];
    const { origin, pathname, search } = new URL(given, page);
    const inside = [...elements(form)];
    const named = inside.map(
      (each) => `${attribute(each, 'value') ?? ''} ${attribute(each, 'aria-label') ?? ''}`,
    );
    const words = `${wordsOf(form)} ${named.join(' ')} ${pathname}`;
    if (origin !== page.origin || pathname.startsWith(`${basePath}/`) || LEFT_ALONE.test(words)) return [];
    const fields: Record<string, string> = {};
    const texts: string[] = [];
    for (const element of inside) {
      const name = attribute(element, 'name');
      if (!name || !/^(input|textarea|select|button)$/.test(element.tagName)) continue;
      const type = attribute(element, 'type') ?? 'text';
      const isText =
        element.tagName === 'input' ? /^(text|search)$/.test(type) : element.tagName === 'textarea';
      if (isText && !texts.includes(name)) texts.push(name);
      fields[name] ??= attribute(element, 'value') ?? FILLED[type] ?? (type === 'hidden' ? '' : 'x');
    }
    const multipart =
      attribute(form, 'enctype') === 'multipart/form-data' ||
      Object.keys(fields).some((name) => name.startsWith('$ACTION'));
    return [{ action: pathname + search, fields, multipart, texts }];
  });
}

/** Server actions that a form calls: `$ACTION_ID_…`, or with bound values `$ACTION_1:0`; React numbers these by page. */
const actionsOf = (fields: Form['fields']): string[] =>
  Object.entries(fields).flatMap(
    ([name, value]) =>
      /^\$ACTION_ID_(\w+)$/.exec(name)?.[1] ??
      (/^\$ACTION_\d+:0$/.test(name) ? (/"id":"(\w+)"/.exec(value)?.[1] ?? []) : []),
  );

/**
 * Whether two forms do the same: what they are posted to, and the names of their fields. A server action is the same on
 * whatever page it stands.
 */
export const formKey = ({ action, fields }: Form): string => {
  const actions = actionsOf(fields);
  const names = Object.keys(fields).filter((name) => !actions.length || !name.startsWith('$ACTION'));
  return [actions.sort().join(' ') || action, ...names.sort()].join(' ');
};

/** A form as it goes over the wire. */
export function encodeForm({ fields, multipart }: Pick<Form, 'fields' | 'multipart'>): {
  type: string;
  body: string;
} {
  if (!multipart)
    return {
      type: 'application/x-www-form-urlencoded',
      body: new URLSearchParams(fields).toString(),
    };
  const boundary = '----conformance-form';
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return { type: `multipart/form-data; boundary=${boundary}`, body: `${parts.join('')}--${boundary}--\r\n` };
}
