/** Whether text from outside became part of a page: what a browser makes of it decides, not how it is spelt. */
import { type DefaultTreeAdapterMap, parse } from 'parse5';

type Node = DefaultTreeAdapterMap['node'];

/**
 * Whether a page holds an element with an attribute of this value. The same text inside a script, such as the state that a
 * framework hands to its client, is no element.
 */
export function holdsElement(
  html: string,
  element: { tag: string; attribute: string; value: string },
): boolean {
  const search = (node: Node): boolean => {
    if (
      'tagName' in node &&
      node.tagName === element.tag &&
      node.attrs.some(({ name, value }) => name === element.attribute && value === element.value)
    )
      return true;
    const children = 'childNodes' in node ? node.childNodes : [];
    return children.some(search) || ('content' in node && search(node.content));
  };
  return search(parse(html));
}
