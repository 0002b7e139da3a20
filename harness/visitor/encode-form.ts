/** Forms as they go over the wire: their fields, some day where nobody has chosen one, and files. */
import type { Form } from './forms.ts';

/** A file as a form sends it. */
export interface UploadedFile {
  name: string;
  type: string;
  /** Its text; forms are sent as UTF-8. */
  content: string;
}

/** The smallest file of a kind that a field accepts. */
function usualFile(accept: string): UploadedFile {
  if (/image|\.(?:png|jpe?g|gif|webp)\b/i.test(accept))
    return { name: 'picture.gif', type: 'image/gif', content: 'GIF89a\u0001\0\u0001\0\0\0\0;' };
  if (/csv/i.test(accept)) return { name: 'list.csv', type: 'text/csv', content: 'name,count\r\nx,1\r\n' };
  if (/json/i.test(accept)) return { name: 'list.json', type: 'application/json', content: '[]' };
  return { name: 'note.txt', type: 'text/plain', content: 'x' };
}

const BOUNDARY = '----conformance-form';
const part = (said: string, content: string) =>
  `--${BOUNDARY}\r\ncontent-disposition: form-data; ${said}\r\n\r\n${content}\r\n`;

const DAY_MS = 86_400_000;
/** Within which days are chosen, where a field says no bounds. */
const DAYS = 700;

/** Some day within the bounds of its field: what can be had once a day (a table, a room) is there for each who asks. */
function someDay({ usual, least = usual, most }: NonNullable<Form['days']>[string]): string {
  const [first, last] = [Date.parse(least), Date.parse(most ?? '')];
  const from = Number.isNaN(first) ? Date.parse(usual) : first;
  const days = Number.isNaN(last) ? DAYS : Math.max(0, Math.floor((last - from) / DAY_MS));
  const day = new Date(from + Math.floor(Math.random() * (days + 1)) * DAY_MS);
  if (Number.isNaN(day.getTime())) return usual;
  // Few are open at weekends.
  const weekend = day.getUTCDay() === 0 ? -2 : day.getUTCDay() === 6 ? -1 : 0;
  const open = new Date(Math.max(from, day.getTime() + weekend * DAY_MS));
  return open.toISOString().slice(0, 10);
}

/** The fields of a form as they are sent once. */
const sentFields = ({ fields, days = {} }: Pick<Form, 'fields' | 'days'>): Form['fields'] => ({
  ...fields,
  ...Object.fromEntries(
    Object.entries(days).flatMap(([name, day]) => (fields[name] === day.usual ? [[name, someDay(day)]] : [])),
  ),
});

/**
 * A form as it goes over the wire.
 *
 * @param upload what is sent for each of its files (default: the smallest of a kind that the field accepts)
 */
export function encodeForm(
  { multipart, files = {}, ...form }: Pick<Form, 'fields' | 'multipart' | 'files' | 'days'>,
  upload?: UploadedFile,
): {
  type: string;
  body: string;
} {
  const fields = sentFields(form);
  if (!multipart) {
    // Without multipart/form-data a browser sends the name of a file (HTML, "Constructing the entry list").
    const named = Object.entries(files).map(([name, accept]) => [name, (upload ?? usualFile(accept)).name]);
    return {
      type: 'application/x-www-form-urlencoded',
      body: new URLSearchParams({ ...fields, ...Object.fromEntries(named) }).toString(),
    };
  }
  const parts = [
    ...Object.entries(fields).map(([name, value]) => part(`name="${name}"`, value)),
    ...Object.entries(files).map(([name, accept]) => {
      const file = upload ?? usualFile(accept);
      return part(`name="${name}"; filename="${file.name}"\r\ncontent-type: ${file.type}`, file.content);
    }),
  ];
  return { type: `multipart/form-data; boundary=${BOUNDARY}`, body: `${parts.join('')}--${BOUNDARY}--\r\n` };
}
