/**
 * The formats of the 2010-04-01 API: JSON, XML (`<TwilioResponse><Message><Sid>…`, given where a path has no suffix) and
 * CSV, chosen by the suffix of the path (https://www.twilio.com/docs/usage/twilios-response, recorded answers).
 */
import { createRequire } from 'node:module';

export type Format = 'json' | 'xml' | 'csv';
type Row = Record<string, unknown>;

export const MEDIA_TYPES: Record<Format, string> = {
  json: 'application/json',
  xml: 'application/xml',
  csv: 'text/csv',
};

/** Path without its suffix, and the format that the suffix names; paths are case-sensitive, suffixes too. */
export function splitSuffix(uri: string): { path: string; format: Format; suffix: string } {
  const [, path = uri, suffix = ''] = /^(.*?)(\.json|\.xml|\.csv)?$/s.exec(uri) ?? [];
  return { path, format: (suffix.slice(1) || 'xml') as Format, suffix };
}

/** Order of a Message's elements, as in the recorded answers of 2020 and 2021; in JSON the order is another one. */
const XML_ORDER = [
  'sid',
  'date_created',
  'date_updated',
  'date_sent',
  'account_sid',
  'to',
  'from',
  'messaging_service_sid',
  'body',
  'status',
  'num_segments',
  'num_media',
  'direction',
  'api_version',
  'price',
  'price_unit',
  'error_code',
  'error_message',
  'uri',
  'subresource_uris',
];
const DECLARATION = "<?xml version='1.0' encoding='UTF-8'?>\n";

const camel = (name: string) => name.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
// XML 1.0 cannot carry control characters and halves of characters, not even escaped.
const CONTROLS = /(?![\t\n\r])\p{Cc}|\p{Cs}|[\uFFFE\uFFFF]/gu;
const text = (value: unknown) => (value === null || value === undefined ? '' : String(value));
const xmlText = (value: unknown) => text(value).replace(CONTROLS, '');

/** Addresses in XML and CSV have no suffix, so that a client which follows them stays in its format (recorded). */
const withoutSuffix = (value: unknown) =>
  typeof value === 'string' ? value.replace(/\.json(?=\?|$)/, '') : value;
const isAddress = (name: string) => /(?:^|_)uri$/.test(name);

function inOrder(row: Row): [string, unknown][] {
  const place = (name: string) => (XML_ORDER.includes(name) ? XML_ORDER.indexOf(name) : -1);
  const entries = Object.entries(row);
  return 'num_segments' in row ? entries.sort(([a], [b]) => place(a) - place(b)) : entries;
}

const elements = (row: Row, addresses = false): Row =>
  Object.fromEntries(
    inOrder(row).map(([name, value]) => [
      camel(name),
      value && typeof value === 'object'
        ? elements(value as Row, name === 'subresource_uris')
        : xmlText(addresses || isAddress(name) ? withoutSuffix(value) : value),
    ]),
  );

const listKeyOf = (body: Row) => Object.keys(body).find((key) => Array.isArray(body[key]));

/** Loaded where somebody asks for XML: few do, and the mocks start earlier. */
const builder = (): typeof import('xmlbuilder2') => createRequire(import.meta.url)('xmlbuilder2');

function toXml(body: Row, element: string): string {
  const { create } = builder();
  const root = create().ele('TwilioResponse');
  const listKey = listKeyOf(body);
  if ('more_info' in body) root.ele({ RestException: elements(body) });
  else if (listKey === undefined) root.ele({ [element]: elements(body) });
  else {
    const list = root.ele(camel(listKey));
    for (const [name, value] of Object.entries(body)) {
      if (name !== listKey)
        list.att(name.replaceAll('_', ''), xmlText(isAddress(name) ? withoutSuffix(value) : value));
    }
    for (const row of body[listKey] as Row[]) list.ele({ [element]: elements(row) });
  }
  return DECLARATION + root.doc().end({ headless: true });
}

/** A header row that names the columns, then the rows; Twilio leaves the order of the columns open. */
function toCsv(body: Row): string {
  const listKey = listKeyOf(body);
  const rows = listKey === undefined ? [body] : (body[listKey] as Row[]);
  const flat = rows.map((row) => inOrder(row).filter(([, value]) => !value || typeof value !== 'object'));
  const cell = (value: unknown) =>
    /[",\r\n]/.test(text(value)) ? `"${text(value).replaceAll('"', '""')}"` : text(value);
  const lines = flat.map((row) =>
    row.map(([name, value]) => (isAddress(name) ? withoutSuffix(value) : value)),
  );
  const names = flat[0]?.map(([name]) => camel(name)) ?? [];
  return [names, ...lines].map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}

/**
 * @param body what the JSON answer would be
 * @param element name of one item in XML, such as `Message`
 */
export function represent(body: Row, format: Format, element: string): string {
  if (format === 'xml') return toXml(body, element);
  return format === 'csv' ? toCsv(body) : JSON.stringify(body);
}
