/** Which secret an app seals its cookies with, when it is one that anybody guesses or reads in its repository. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { LabDescription } from '../lab/lab-description.ts';
import { publishedWords } from '../targets/published-words.ts';
import { guessableSecrets, isGuessable } from '../visitor/guessable-secrets.ts';
import { secretOf } from '../visitor/session-seal.ts';

export interface Candidate {
  value: string;
  /** Where it stands, in words. */
  told: string;
}

export interface Guess extends Candidate {
  /** The cookie that gave it away. */
  cookie: string;
  /** `seal`: it opens the cookie; `csrf`: the hash in the CSRF cookie is made with it. */
  by: 'seal' | 'csrf';
}

export interface HeldCookie {
  key: string;
  value: string;
}

/** Cookies with their chunks put together, by name. */
export function wholeCookies(cookies: readonly HeldCookie[]): HeldCookie[] {
  const chunks = new Map<string, [number, string][]>();
  for (const { key, value } of cookies) {
    const [, name = key, number] = /^(.*?)(?:\.(\d+))?$/.exec(key) ?? [];
    chunks.set(name, [...(chunks.get(name) ?? []), [Number(number ?? 0), value]]);
  }
  return [...chunks].map(([key, parts]) => ({
    key,
    value: parts
      .sort(([a], [b]) => a - b)
      .map(([, value]) => value)
      .join(''),
  }));
}

type Known = Pick<LabDescription, 'config' | 'folder' | 'authSecret'> &
  Partial<Pick<LabDescription, 'issuer' | 'app'>>;

/** Folder of the app; of an app that only its address is known of, that of the config. */
const folderOf = ({ config, folder }: Known) => path.resolve(folder, config.target.cwd ?? '.');

/**
 * What stands in the repository of the app and may be a secret. A value that the run itself hands to the app counts only
 * when it stands in an example or a document: else it was made for the run.
 */
export function publishedCandidates(lab: Known): (Candidate & { isNamed: boolean })[] {
  const given = new Set([...Object.values(lab.config.target.env), ...Object.values(process.env)]);
  return publishedWords(folderOf(lab))
    .filter(({ value, isExample }) => isExample || !given.has(value))
    .map(({ value, where, isNamed }) => ({ value, told: `which stands in ${where}`, isNamed }));
}

const HASHED_MAX = 800;

/** Some make a secret longer by hashing it, which makes it no better. */
const hashesOf = (text: string): [kind: string, hashed: string][] => [
  ['SHA-256', createHash('sha256').update(text).digest('hex')],
  ['SHA-256', createHash('sha256').update(text).digest('base64')],
  ['MD5', createHash('md5').update(text).digest('hex')],
  ['base64', Buffer.from(text).toString('base64')],
];

function* candidatesOf(lab: Known): Generator<Candidate> {
  const { clientId, clientSecret, name, issuer } = lab.config.target;
  const told = 'which is no secret of its own';
  const origins = [lab.app?.origin, issuer ?? lab.issuer].flatMap((each) =>
    each ? [each, new URL(each).host, new URL(each).hostname] : [],
  );
  for (const value of [clientId, clientSecret, name, ...origins]) if (value) yield { value, told };
  const published = publishedCandidates(lab);
  yield* published;
  for (const { value, told: where } of published.slice(0, HASHED_MAX))
    for (const [kind, hashed] of hashesOf(value))
      yield { value: hashed, told: `the ${kind} of "${value}", ${where}` };
  for (const { value } of guessableSecrets()) yield { value, told: 'a placeholder that anybody guesses' };
}

/** To open a sealed cookie takes twenty times as long as to compare a hash: the least usual are left to the CSRF token. */
const SEALED_MAX = 30_000;

function* upTo<Item>(limit: number, items: Iterable<Item>): Generator<Item> {
  let count = 0;
  for (const item of items) {
    if (count === limit) return;
    count += 1;
    yield item;
  }
}

/** Token and hash of the CSRF cookie of Auth.js: `token|sha256(token + secret)` (facts: authjs.md, Cookies). */
function csrfOf(cookies: readonly HeldCookie[]): { key: string; token: string; hash: string } | undefined {
  for (const { key, value } of cookies) {
    const [, token, hash] = /^([0-9a-f]{64})(?:\||%7C)([0-9a-f]{64})$/i.exec(value) ?? [];
    if (token && hash) return { key, token, hash: hash.toLowerCase() };
  }
  return undefined;
}

const hashOf = (token: string, secret: string) =>
  createHash('sha256').update(`${token}${secret}`).digest('hex');

/**
 * Tries, without asking the app anything, which of the candidates its cookies were made with.
 *
 * @param cookies all that a browser holds of the app
 * @returns none when everything was made with the secret that the app was given for this run, or with one that nobody guesses
 */
export function guessSecrets(held: readonly HeldCookie[], lab: Known): Guess[] {
  const cookies = wholeCookies(held);
  const { authSecret = '' } = lab;
  const mine = Object.values(lab.config.target.env).includes(authSecret) && isGuessable(authSecret);
  const given: Candidate[] = [{ value: authSecret, told: 'a placeholder that anybody guesses' }];
  let all: Candidate[] | undefined;
  const candidates: Iterable<Candidate> = {
    // Read and made only for an app that does not use the secret it was given.
    [Symbol.iterator]() {
      all ??= [...candidatesOf(lab)];
      return all[Symbol.iterator]();
    },
  };
  const guesses: Guess[] = [];
  const csrf = csrfOf(cookies);
  if (csrf) {
    const { key: cookie, token, hash } = csrf;
    const isGiven = hashOf(token, authSecret) === hash;
    // Auth.js 5 takes several secrets, and hashes them joined by commas.
    const found = isGiven
      ? mine && given[0]
      : [...candidates].find(({ value }) =>
          [value, `${authSecret},${value}`, `${value},${authSecret}`].some(
            (secret) => hashOf(token, secret) === hash,
          ),
        );
    if (found) guesses.push({ ...found, cookie, by: 'csrf' });
  }
  for (const { key: cookie, value } of cookies) {
    const isGiven = secretOf(value, cookie, given);
    const found = isGiven
      ? mine && given[0]
      : (secretOf(value, cookie, [...guesses]) ?? secretOf(value, cookie, upTo(SEALED_MAX, candidates)))
          ?.found;
    if (found) guesses.push({ value: found.value, told: found.told, cookie, by: 'seal' });
  }
  return guesses;
}
