/**
 * The controls in a page's HTML that begin a sign-in, and their accessible names (W3C Accessible Name and Description
 * Computation 1.2, as far as HTML without styles tells).
 */

export interface Control {
  /** Its start tag, as it stands in the page. */
  markup: string;
  /** Its accessible name; empty when it has none. */
  name: string;
}

interface Element {
  tag: string;
  attributes: Record<string, string>;
  markup: string;
  parent?: Element;
  children: (Element | string)[];
}

const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/;
const TOKEN =
  /<!--[\s\S]*?-->|<![^>]*>|<(script|style|noscript|template|textarea)\b[\s\S]*?<\/\1\s*>|<(\/?)([a-z][\w:-]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>|[^<]+|</gi;
const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

const decoded = (text: string) =>
  text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, named) => {
    if (named) return ENTITIES[named.toLowerCase()] ?? whole;
    const point = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });

/** All elements of a page in order, scripts and styles left out. An end tag ends what stands open inside. */
function elementsOf(html: string): Element[] {
  const root: Element = { tag: '', attributes: {}, markup: '', children: [] };
  const all: Element[] = [];
  let open = root;
  for (const [token, raw, end, name, rest = ''] of html.matchAll(TOKEN)) {
    if (raw || token.startsWith('<!')) continue;
    const tag = name?.toLowerCase();
    if (!tag) {
      open.children.push(decoded(token));
    } else if (end) {
      let at: Element | undefined = open;
      while (at && at.tag !== tag) at = at.parent;
      if (at?.parent) open = at.parent;
    } else {
      const attributes: Record<string, string> = {};
      for (const [, key = '', double, single, bare] of rest.matchAll(ATTRIBUTE))
        attributes[key.toLowerCase()] ??= decoded(double ?? single ?? bare ?? '');
      const element: Element = { tag, attributes, markup: token, parent: open, children: [] };
      open.children.push(element);
      all.push(element);
      // In an svg any element may end itself; elsewhere the slash means nothing.
      const inSvg = isInside(element, 'svg') !== undefined;
      if (!VOID.test(tag) && !(inSvg && rest.endsWith('/'))) open = element;
    }
  }
  return all;
}

function isInside(element: Element, tag: string): Element | undefined {
  for (let at: Element | undefined = element; at; at = at.parent) if (at.tag === tag) return at;
  return undefined;
}

const isHidden = ({ attributes }: Element) => attributes['aria-hidden'] === 'true' || 'hidden' in attributes;

/** What the content of an element adds to a name. */
const contentOf = (element: Element): string =>
  element.children
    .map((child) => {
      if (typeof child === 'string') return child;
      if (isHidden(child)) return '';
      const { alt, title, 'aria-label': label } = child.attributes;
      if (label?.trim()) return ` ${label} `;
      if (child.tag === 'img') return ` ${alt ?? title ?? ''} `;
      return contentOf(child) || ` ${title ?? ''} `;
    })
    .join('');

function nameOf(element: Element, all: readonly Element[]): string {
  const { 'aria-labelledby': ids, 'aria-label': label, alt, value, title, type } = element.attributes;
  const labels = (ids ?? '')
    .split(/\s+/)
    .map((id) => all.find(({ attributes }) => id && attributes.id === id))
    .map((found) => (found ? (found.attributes['aria-label'] ?? contentOf(found)) : ''));
  // Browsers write "Submit" on a submit input without a value.
  const shown =
    element.tag !== 'input'
      ? contentOf(element)
      : type?.toLowerCase() === 'image'
        ? alt
        : (value ?? (type?.toLowerCase() === 'submit' ? 'Submit' : ''));
  const candidates = [labels.join(' '), label, shown, title];
  return candidates.map((text) => (text ?? '').replace(/\s+/g, ' ').trim()).find(Boolean) ?? '';
}

const isButton = ({ tag, attributes: { type = '', role } }: Element) =>
  tag === 'button' || role === 'button' || (tag === 'input' && /^(?:submit|image|button)$/i.test(type));

const SIGN_IN = /\/(?:sign-?in|log-?in)(?:[/?#]|$)/i;

/**
 * Finds the controls that begin a sign-in: buttons of forms that lead to a sign-in URL, or hold the fields of one, and links
 * to a sign-in URL.
 *
 * @param options.any takes all buttons of the page when none of these is there (pages that sign in by a script)
 */
export function signInControls(html: string, { any = false } = {}): Control[] {
  const all = elementsOf(html);
  const begins = (element: Element) => {
    if (element.tag === 'a') return SIGN_IN.test(element.attributes.href ?? '');
    if (!isButton(element)) return false;
    const form = isInside(element, 'form');
    if (SIGN_IN.test(element.attributes.formaction ?? form?.attributes.action ?? '')) return true;
    return all.some(
      (field) =>
        form &&
        /^(?:providerId|csrfToken)$/.test(field.attributes.name ?? '') &&
        isInside(field, 'form') === form,
    );
  };
  const shown = all.filter((element) => !isHidden(element));
  const found = shown.filter(begins);
  return (found.length > 0 || !any ? found : shown.filter(isButton)).map((element) => ({
    markup: element.markup,
    name: nameOf(element, all),
  }));
}
