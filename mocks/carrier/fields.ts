/** What a request says, whatever its format: every text in its address and body with a path to it. */

/** A text in a request: `query.To`, `form.Body`, `json.recipients[0].msisdn`, `form.TemplateParam.code`. */
export interface Field {
  path: string;
  value: string;
}

function leaves(value: unknown, path: string): Field[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(item, `${path}[${index}]`));
  if (value && typeof value === 'object') {
    return Object.entries(value).flatMap(([key, item]) => leaves(item, `${path}.${key}`));
  }
  if (value === null || value === undefined) return [];
  return [{ path, value: String(value) }, ...nested(String(value), path)];
}

/** JSON inside a text, as Aliyun's `TemplateParam` has it. */
function nested(text: string, path: string): Field[] {
  if (!/^\s*[{[]/.test(text)) return [];
  try {
    return leaves(JSON.parse(text), path);
  } catch {
    return [];
  }
}

/** Texts of an XML body: elements without children. */
const elements = (body: string): Field[] =>
  [...body.matchAll(/<([\w:.-]+)(?:\s[^<>]*)?>([^<>]*)<\/\1>/g)].map(({ 1: name = '', 2: text = '' }) => ({
    path: `xml.${name}`,
    value: text
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&apos;', "'")
      .replaceAll('&amp;', '&'),
  }));

/** Every text of a request, its query first. */
export function fieldsOf(request: { url: string; headers: Record<string, string>; body: string }): Field[] {
  const query = [...new URL(request.url).searchParams].flatMap(([name, value]) =>
    leaves(value, `query.${name}`),
  );
  const type = request.headers['content-type'] ?? '';
  const { body } = request;
  if (/x-www-form-urlencoded/i.test(type)) {
    return [
      ...query,
      ...[...new URLSearchParams(body)].flatMap(([name, value]) => leaves(value, `form.${name}`)),
    ];
  }
  try {
    return [...query, ...leaves(JSON.parse(body), 'json')];
  } catch {
    return [...query, ...(/xml/i.test(type) ? elements(body) : body ? [{ path: 'body', value: body }] : [])];
  }
}
