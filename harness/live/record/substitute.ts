/** Puts made-up values of the same shape in the place of secrets, the same one for the same secret wherever it stands. Pure. */
import { createHash } from 'node:crypto';
import type { Recording } from '../../../mocks/logto/replay/recordings.ts';

/** Members of answers whose values let somebody in. */
const SECRET_MEMBERS = /"(?:access_token|refresh_token|id_token|value|secret)"\s*:\s*"([^"]{6,})"/g;
const JWT = /eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/g;

/** Letters for letters, digits for digits, by a hash: the same value gives the same one. */
function alike(value: string): string {
  let pool = '';
  for (let turn = 0; pool.length < value.length * 2; turn += 1)
    pool += createHash('sha256').update(`authjs-conformance ${turn} ${value}`).digest('hex');
  return [...value]
    .map((letter, index) => {
      const number = Number.parseInt(pool.slice(index * 2, index * 2 + 2) || '7', 16);
      if (/[0-9]/.test(letter)) return String(number % 10);
      if (/[a-z]/.test(letter)) return String.fromCharCode(97 + (number % 26));
      if (/[A-Z]/.test(letter)) return String.fromCharCode(65 + (number % 26));
      return letter;
    })
    .join('');
}

/** A token keeps what it says, under other names, and loses its signature. */
function unsigned(jwt: string, rename: (text: string) => string): string {
  const [header, payload = '', signature = ''] = jwt.split('.');
  const said = Buffer.from(payload, 'base64url').toString('utf8');
  return `${header}.${Buffer.from(rename(said)).toString('base64url')}.${alike(signature)}`;
}

const listed = (value: string | string[] | undefined) => (value === undefined ? [] : [value].flat());

/**
 * The recordings without what lets somebody in: tokens, codes, cookies, client secrets. Headers are those that matter, and
 * the origin is the one that recordings have.
 *
 * @param options.known secrets that were known before (client secret, one-time codes)
 * @param options.renamed values that are others in recordings: the origin, the machine that asked
 */
export function withoutSecrets(
  recordings: readonly Recording[],
  options: { known: readonly string[]; renamed: readonly (readonly [from: string, to: string])[] },
): Recording[] {
  const secrets = new Set(options.known.filter((value) => value.length >= 6));
  const text = JSON.stringify(recordings);
  for (const { response } of recordings) {
    for (const [, value] of JSON.stringify(response.body ?? '').matchAll(SECRET_MEMBERS))
      if (value) secrets.add(value);
    for (const line of listed(response.headers['set-cookie'])) {
      const value = /^[^=]+=([^;]{12,})/.exec(line)?.[1];
      // The client ids in `_logto` are no secret, and recordings are compared by them.
      if (value && !value.startsWith('{')) secrets.add(value);
    }
    const code = /[?&]code=([\w-]+)/.exec(listed(response.headers.location)[0] ?? '')?.[1];
    if (code) secrets.add(code);
  }
  for (const [, basic] of text.matchAll(/Basic ([A-Za-z0-9+/=]{12,})/g)) if (basic) secrets.add(basic);
  const jwts = new Set(text.match(JWT) ?? []);
  const rename = (plain: string) =>
    options.renamed.reduce(
      (said, [from, to]) =>
        said.replaceAll(from, to).replaceAll(encodeURIComponent(from), encodeURIComponent(to)),
      plain,
    );
  let out = text;
  for (const jwt of jwts) out = out.replaceAll(jwt, unsigned(jwt, rename));
  for (const secret of [...secrets].filter((value) => !jwts.has(value)).sort((a, b) => b.length - a.length))
    out = out
      .replaceAll(secret, alike(secret))
      .replaceAll(encodeURIComponent(secret), encodeURIComponent(alike(secret)));
  out = rename(out);
  return (JSON.parse(out) as Recording[]).map((recording) => ({
    ...recording,
    response: { ...recording.response, headers: kept(recording.response.headers) },
  }));
}

/** What recordings keep of an answer's headers (fixtures/recordings/logto/README.md). */
const KEPT =
  /^(content-type|location|set-cookie|cache-control|www-authenticate|allow|vary|access-control-.*)$/;
const kept = (headers: Recording['response']['headers']) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => KEPT.test(name)));
