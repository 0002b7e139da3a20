/** Pages as they are sent: their elements, and the forms on them that a person could post. */
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { SIGN_OUT } from './sign-words.ts';
import { type OwnWords, readingOf, typedWord } from './typed-word.ts';

/** Following these would end the session, or take something away. */
export const LEFT_ALONE = new RegExp(
  `${SIGN_OUT.source}|good.?bye|end.?session|delete|remove|cancel|unsubscribe|revoke|deactivate|suspend|(?:pause|freeze|disable|transfer|close) (?:my |your |this )?(?:account|membership|profile|team|workspace)`,
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
  /** Characters that some of them take at most. */
  lengths?: Record<string, number>;
  /** Days that nobody has chosen yet, by their fields, with the bounds of these: each time that it is sent others are. */
  days?: Record<string, { usual: string; least?: string; most?: string }>;
  /** Its fields that take a file, each with what it accepts (HTML, attribute `accept`); '' is anything. */
  files?: Record<string, string>;
}

/** What people would type. */
const FILLED: Record<string, string> = {
  email: 'somebody@people.example',
  number: '1',
  tel: '12025550100',
  color: '#336699',
  url: 'https://people.example/',
};

/** Days and times as their fields send them (HTML, "Dates and times"), by the type of the field. */
const TIMES: Record<string, string> = {
  date: '2030-01-01',
  'datetime-local': '2030-01-01T12:00',
  month: '2030-01',
  week: '2030-W01',
  time: '12:00',
};

/** A day or a time between the bounds of its field, which sort as texts do. */
function timeIn(element: DefaultTreeAdapterTypes.Element, usual: string): string {
  const [least, most] = [attribute(element, 'min'), attribute(element, 'max')];
  if (least && usual < least) return least;
  return most && usual > most ? most : usual;
}

/** A form as it stands on a page of the app. */
interface Found extends Form {
  /** What it says, its address included. */
  words: string;
  /** The same as it reads, line by line. */
  reading: string;
  /** It is posted to a route of Auth.js. */
  ofAuthjs: boolean;
}

/** The option that a browser sends for a list: the one that is selected, else the first that can be chosen. */
function chosenIn(select: DefaultTreeAdapterTypes.Element): string {
  const options = [...elements(select)].filter(
    (each) => each.tagName === 'option' && attribute(each, 'disabled') === undefined,
  );
  const said = (option: DefaultTreeAdapterTypes.Element) =>
    attribute(option, 'value') ?? wordsOf(option).replace(/\s+/g, ' ').trim();
  const selected = options.find((each) => attribute(each, 'selected') !== undefined && said(each));
  const first = selected ?? options.find((each) => said(each) !== '');
  return first ? said(first) : 'x';
}

/** What stands in a field as somebody sends it who has chosen something of each kind. */
function filled(element: DefaultTreeAdapterTypes.Element, type: string): string {
  if (element.tagName === 'select') return chosenIn(element);
  const given =
    attribute(element, 'value') ?? (element.tagName === 'textarea' ? wordsOf(element) : undefined);
  if (given) return given;
  if (type === 'number' || type === 'range') return attribute(element, 'min') ?? FILLED.number ?? '1';
  if (type === 'checkbox' || type === 'radio') return 'on';
  const time = TIMES[type];
  if (time) return timeIn(element, time);
  const usual = FILLED[type] ?? (type === 'hidden' ? '' : 'x');
  return usual === 'x' ? usual.padEnd(Number(attribute(element, 'minlength')) || 1, 'x') : usual;
}

function allForms(html: string, page: URL, basePath: string, method: 'get' | 'post'): Found[] {
  return [...elements(parse(html))].flatMap((form): Found[] => {
    if (form.tagName !== 'form' || (attribute(form, 'method')?.toLowerCase() || 'get') !== method) return [];
    const given = attribute(form, 'action') || page.href;
    if (!URL.canParse(given, page)) return [];
    const { origin, pathname, search } = new URL(given, page);
    if (origin !== page.origin) return [];
    const inside = [...elements(form)];
    const named = inside.map(
      (each) => `${attribute(each, 'value') ?? ''} ${attribute(each, 'aria-label') ?? ''}`,
    );
    const words = `${wordsOf(form)} ${named.join(' ')} ${pathname}`;
    const fields: Record<string, string> = {};
    const texts: string[] = [];
    const lengths: Record<string, number> = {};
    const files: Record<string, string> = {};
    const days: NonNullable<Form['days']> = {};
    for (const element of inside) {
      const name = attribute(element, 'name');
      if (!name || !/^(input|textarea|select|button)$/.test(element.tagName)) continue;
      const type = attribute(element, 'type') ?? 'text';
      if (element.tagName === 'input' && type === 'file') {
        files[name] = attribute(element, 'accept') ?? '';
        continue;
      }
      const isText =
        element.tagName === 'input' ? /^(text|search)$/.test(type) : element.tagName === 'textarea';
      if (isText && !texts.includes(name)) texts.push(name);
      const most = Number(attribute(element, 'maxlength'));
      if (isText && most > 0) lengths[name] = most;
      const isChosen = type === 'radio' && attribute(element, 'checked') !== undefined;
      if (isChosen) fields[name] = filled(element, type);
      else fields[name] ??= filled(element, type);
      if (type === 'date' && !attribute(element, 'value'))
        days[name] = {
          usual: fields[name],
          least: attribute(element, 'min'),
          most: attribute(element, 'max'),
        };
    }
    const multipart =
      attribute(form, 'enctype') === 'multipart/form-data' ||
      Object.keys(fields).some((name) => name.startsWith('$ACTION'));
    const ofAuthjs = pathname.startsWith(`${basePath}/`);
    return [
      {
        action: pathname + search,
        fields,
        multipart,
        texts,
        ...(Object.keys(lengths).length && { lengths }),
        ...(Object.keys(files).length && { files }),
        ...(Object.keys(days).length && { days }),
        words,
        reading: readingOf(form),
        ofAuthjs,
      },
    ];
  });
}

const plain = ({ words: _, reading: __, ofAuthjs: ___, ...form }: Found): Form => form;

/**
 * The fields of a form in which somebody has written into its texts; what would be too long for one leaves it as it is.
 *
 * @param write what is written into a text, of at most so many characters
 */
export function withWritten(
  { fields, texts, lengths = {} }: Form,
  write: (name: string, most: number) => string,
): Form['fields'] {
  const written = texts.flatMap((name) => {
    const most = lengths[name] ?? Number.POSITIVE_INFINITY;
    const text = write(name, most);
    return text !== '' && text.length <= most ? [[name, text] as const] : [];
  });
  return { ...fields, ...Object.fromEntries(written) };
}

/**
 * Forms on a page that post to its own origin; those that read like a sign-out, or take something away, are left out.
 *
 * @param method what they are sent by; `get` is what a form does that says nothing
 */
export const formsIn = (html: string, page: URL, basePath: string, method: 'get' | 'post' = 'post'): Form[] =>
  allForms(html, page, basePath, method)
    .filter(({ words, ofAuthjs }) => !ofAuthjs && !LEFT_ALONE.test(words))
    .map(plain);

/** Words of a form that takes one thing away. */
const TAKES =
  /delete|remove|discard|revoke|trash|cancel|l[öo]schen|stornier|absagen|entfernen|supprimer|eliminar|elimina|verwijder|usuń|ta bort/i;
/** Words of what ends a membership, or takes everything. */
const TAKES_ALL = /account|profile|konto|compte|cuenta|membership|everything|\ball\b/i;

/** Forms on a page by which its member takes one thing away, those of sign-outs and accounts aside. */
export const takingFormsIn = (html: string, page: URL, basePath: string): Form[] =>
  allForms(html, page, basePath, 'post')
    .filter(
      ({ words, ofAuthjs }) =>
        !ofAuthjs && TAKES.test(words) && !TAKES_ALL.test(words) && !SIGN_OUT.test(words),
    )
    .map(plain);

/** The form of the app itself by which people sign out, where one is sent with the page. */
export const signOutFormIn = (html: string, page: URL, basePath: string): Form | undefined =>
  allForms(html, page, basePath, 'post').find(({ words, ofAuthjs }) => !ofAuthjs && SIGN_OUT.test(words));

/** Words of a form by which people delete their own account, in languages that apps are written in. */
const ENDS_ACCOUNT =
  /\b(?:delete|close|erase|remove|terminate)\s+(?:(?:my|your|the|this)\s+)?(?:user\s+|whole\s+)?account\b|\b(?:benutzer)?konto\s+(?:l(?:ö|oe)schen|schlie(?:ß|ss)en)|supprimer\s+(?:mon|votre|le)\s+compte|(?:eliminar|borrar)\s+(?:mi|tu|la)\s+cuenta|elimina(?:re)?\s+(?:il\s+(?:mio\s+|tuo\s+)?)?account|excluir\s+(?:minha\s+|a\s+)?conta|account\s+verwijderen|usu(?:ń|n)\s+konto|radera\s+konto/i;

const BEGINS_WITH_IT = /^\s*(?:delete|close|erase|l(?:ö|oe)schen|supprimer|eliminar)\b/i;

/**
 * The form of the app by which a member deletes their own account, where one is sent with the page; words alone tell it. What it
 * wants to be typed (`Type LEAVE`) stands in its texts.
 *
 * @param own what may be asked of its member
 */
export function accountFormIn(html: string, page: URL, basePath: string, own?: OwnWords): Form | undefined {
  const found = allForms(html, page, basePath, 'post').find(
    ({ words, ofAuthjs, action }) =>
      !ofAuthjs &&
      (ENDS_ACCOUNT.test(words) ||
        /\/(?:account|me|profile)\/(?:delete|close|remove)$/i.test(action) ||
        (/\/(?:account|me)$/i.test(action) && BEGINS_WITH_IT.test(words))),
  );
  if (!found) return undefined;
  const word = typedWord(found.reading, { html, ...(own && { own }) });
  return word ? { ...plain(found), fields: withWritten(found, () => word) } : plain(found);
}

/** Server actions that a form calls: `$ACTION_ID_…`, or with bound values `$ACTION_1:0`; React numbers these by page. */
export const actionsOf = (fields: Form['fields']): string[] =>
  Object.entries(fields).flatMap(
    ([name, value]) =>
      /^\$ACTION_ID_(\w+)$/.exec(name)?.[1] ??
      (/^\$ACTION_\d+:0$/.test(name) ? (/"id":"(\w+)"/.exec(value)?.[1] ?? []) : []),
  );

/**
 * Whether two forms do the same: what they are posted to, and the names of their fields. A server action is the same on
 * whatever page it stands.
 */
export const formKey = ({ action, fields, files = {} }: Form): string => {
  const actions = actionsOf(fields);
  const names = [...Object.keys(fields), ...Object.keys(files)].filter(
    (name) => !actions.length || !name.startsWith('$ACTION'),
  );
  return [actions.sort().join(' ') || action, ...names.sort()].join(' ');
};
