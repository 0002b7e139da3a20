/** What can be posted from the pages of members: forms, and server actions of Next.js. */
import { parse } from 'parse5';
import { attribute, elements, type Form, formsIn, LEFT_ALONE, wordsOf } from '../../visitor/forms.ts';

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
