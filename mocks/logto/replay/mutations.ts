/** Recordings with one thing changed: a replay that compares everything must report each of them. */
import { isKept, parseSetCookie } from './compare.ts';
import { claimsOf, type Recording } from './recordings.ts';

export interface Mutation {
  /** What was changed, such as `header vary removed`. */
  what: string;
  recording: Recording;
}

type Response = Recording['response'];

const list = (value: string | string[] | undefined) =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** Another value of the same kind; what is volatile keeps no shape that could be taken for another of its kind. */
function other(value: unknown): unknown {
  if (typeof value === 'string') return `${value}x`;
  if (typeof value === 'number') return value * 10 + 1;
  if (typeof value === 'boolean') return !value;
  return 'x';
}

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** Tokens with one claim, or one member of the header, changed or taken away. */
function* tokens(token: string, path: string): Generator<[what: string, value: unknown]> {
  const [header = '', , signature] = token.split('.');
  const parts = {
    header: JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as object,
    claims: claimsOf(token) as object,
  };
  for (const part of ['header', 'claims'] as const) {
    for (const [what, changed] of values(parts[part], `${path} ${part}`)) {
      const all = { ...parts, [part]: changed as object };
      yield [what, `${encode(all.header)}.${encode(all.claims)}.${signature}`];
    }
  }
}

/** All values that differ from one in exactly one member. */
function* values(value: unknown, path: string): Generator<[what: string, value: unknown]> {
  if (typeof value === 'string' && claimsOf(value)) return yield* tokens(value, path);
  if (Array.isArray(value)) {
    yield [`${path} with an item more`, [...value, 'x']];
    if (value.length > 0) yield [`${path} without its last item`, value.slice(0, -1)];
    for (const [at, item] of value.entries())
      for (const [what, changed] of values(item, `${path}[${at}]`)) yield [what, value.with(at, changed)];
    return;
  }
  if (typeof value !== 'object' || value === null) return void (yield [`${path} changed`, other(value)]);
  yield [`${path} with a member more`, { ...value, unheardOf: 1 }];
  for (const [key, member] of Object.entries(value)) {
    const rest = Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
    yield [`${path}.${key} removed`, rest];
    for (const [what, changed] of values(member, `${path}.${key}`))
      yield [what, { ...value, [key]: changed }];
  }
}

function* cookies(lines: string[]): Generator<[what: string, lines: string[]]> {
  for (const [at, line] of lines.entries()) {
    const { name, value } = parseSetCookie(line);
    const [pair = '', ...attributes] = line.split('; ');
    yield [`cookie ${name} removed`, lines.filter((_, index) => index !== at)];
    yield [`cookie ${name} renamed`, lines.with(at, `x${line}`)];
    yield [
      `value of cookie ${name} changed`,
      lines.with(at, [`${name}=${value}x`, ...attributes].join('; ')),
    ];
    for (const attribute of attributes) {
      const left = attributes.filter((one) => one !== attribute);
      yield [`cookie ${name} without ${attribute.split('=')[0]}`, lines.with(at, [pair, ...left].join('; '))];
    }
  }
}

function* responses(response: Response): Generator<[what: string, response: Response]> {
  yield ['status', { ...response, status: response.status + 1 }];
  for (const [name, value] of Object.entries(response.headers)) {
    const rest = Object.fromEntries(Object.entries(response.headers).filter(([one]) => one !== name));
    if (name === 'set-cookie') {
      for (const [what, lines] of cookies(list(value)))
        yield [what, { ...response, headers: { ...rest, [name]: lines } }];
    } else if (isKept(name, response)) {
      // Without its validator a recording is not one of caching any more.
      if (name !== 'etag') yield [`header ${name} removed`, { ...response, headers: rest }];
      yield [`header ${name} changed`, { ...response, headers: { ...rest, [name]: `${value}x` } }];
    }
  }
  if (!response.headers.allow)
    yield ['header allow added', { ...response, headers: { ...response.headers, allow: 'GET' } }];
  for (const [what, body] of values(response.body ?? '', 'body')) yield [what, { ...response, body }];
}

/** Every recording that differs from one in its status, a header, a cookie or a member of the body. */
export function* mutationsOf(recording: Recording): Generator<Mutation> {
  for (const [what, response] of responses(recording.response))
    yield { what, recording: { ...recording, response } };
}
