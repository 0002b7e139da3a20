/** What can be posted from the pages of members: forms, and server actions of Next.js. */
import { parse } from 'parse5';
import { attribute, elements, LEFT_ALONE, wordsOf } from './crawl.ts';

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

/** Forms on a page that post to its own origin; those that read like a sign-out, or take something away, are left out. */
export function formsIn(html: string, page: URL, basePath: string): Form[] {
  return [...elements(parse(html))].flatMap((form): Form[] => {
    if (form.tagName !== 'form' || attribute(form, 'method')?.toLowerCase() !== 'post') return [];
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

/** Whether two forms do the same: what they are posted to, and the names of their fields. */
export const formKey = ({ action, fields }: Form): string =>
  `${action} ${Object.keys(fields).sort().join(' ')}`;

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

/** Below no path is a server action of Auth.js itself. */
const NO_PATH = '/conformance-no-such-path';

const ACTION_ID = '[0-9a-f]{40,42}';

/** Ids of server actions that a page names: in hidden fields, and in the data that React reads. */
export const actionsIn = (page: string): string[] => [
  ...new Set(
    [
      ...page.matchAll(new RegExp(`\\$ACTION_ID_(${ACTION_ID})`, 'g')),
      ...page.matchAll(
        new RegExp(
          `(?:\\\\?"|&quot;)id(?:\\\\?"|&quot;):(?:\\\\?"|&quot;)(${ACTION_ID})(?:\\\\?"|&quot;)`,
          'g',
        ),
      ),
    ].flatMap(([, id]) => id ?? []),
  ),
];

/**
 * Server actions that a page names, each with the form that posts it: a function inside a component is bound to what it uses
 * of it, which stands in further fields (`$ACTION_REF_2`, `$ACTION_2:1`), and fails without them.
 */
export const postableActions = (html: string, page: URL): { id: string; form?: Form }[] => {
  const forms = formsIn(html, page, NO_PATH);
  return actionsIn(html).map((id) => {
    const form = forms.find(({ fields }) =>
      Object.entries(fields).some(
        ([name, value]) => name.startsWith('$ACTION') && `${name} ${value}`.includes(id),
      ),
    );
    return form ? { id, form } : { id };
  });
};

/** Ids of those whose form reads like a sign-out, or takes something away. */
export const actionsLeftAlone = (page: string): string[] =>
  [...elements(parse(page))].flatMap((form) => {
    if (form.tagName !== 'form') return [];
    const inside = [...elements(form)];
    const words = inside.map(
      (each) => `${attribute(each, 'value') ?? ''} ${attribute(each, 'aria-label') ?? ''}`,
    );
    if (!LEFT_ALONE.test(`${wordsOf(form)} ${words.join(' ')}`)) return [];
    return inside.flatMap((each) => actionsIn(attribute(each, 'name') ?? ''));
  });

/** Ids of server actions that a script calls, with the name that the build leaves beside them. */
export const actionsInScript = (script: string): { id: string; name: string }[] =>
  [...script.matchAll(new RegExp(`createServerReference\\)?\\("(${ACTION_ID})"([^)]{0,120})`, 'g'))].map(
    ([, id = '', rest = '']) => ({ id, name: /"([\w$]+)"$/.exec(rest)?.[1] ?? '' }),
  );

/** Scripts of a Next.js page. */
export const scriptsOf = (page: string): string[] => [
  ...new Set(
    [...page.matchAll(/(?:\/_next\/)?static\/chunks\/[\w\-./%[\]()@]+?\.js/g)].map(([file]) =>
      file.startsWith('/') ? file : `/_next/${file}`,
    ),
  ),
];
