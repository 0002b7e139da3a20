/** Twilio's XML: `<TwilioResponse><Message><Sid>…`, given where a path has no `.json` (recorded answers). */
import { create } from 'xmlbuilder2';

const camel = (name: string) => name.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
// XML 1.0 cannot carry control characters, not even escaped.
const CONTROLS = /(?![\t\n\r])\p{Cc}|[\uFFFE\uFFFF]/gu;
const text = (value: unknown) => (value === null ? '' : String(value).replace(CONTROLS, ''));

function elements(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      camel(name),
      value && typeof value === 'object' ? elements(value as Record<string, unknown>) : text(value),
    ]),
  );
}

/**
 * @param body what the JSON answer would be
 * @param element name of one item, such as `Message`
 */
export function toXml(body: Record<string, unknown>, element: string): string {
  if ('more_info' in body)
    return create(
      { version: '1.0', encoding: 'UTF-8' },
      { TwilioResponse: { RestException: elements(body) } },
    ).end();
  const listKey = Object.keys(body).find((key) => Array.isArray(body[key]));
  if (listKey === undefined)
    return create(
      { version: '1.0', encoding: 'UTF-8' },
      { TwilioResponse: { [element]: elements(body) } },
    ).end();
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele('TwilioResponse').ele(camel(listKey));
  for (const [name, value] of Object.entries(body)) {
    if (name !== listKey) root.att(name.replaceAll('_', ''), text(value));
  }
  for (const row of body[listKey] as Record<string, unknown>[]) root.ele({ [element]: elements(row) });
  return root.doc().end();
}
