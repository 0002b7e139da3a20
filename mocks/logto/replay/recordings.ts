/** Recordings of a real Logto, by number (fixtures/recordings/logto/README.md). */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface Recording {
  number: number;
  name: string;
  note: string;
  request: {
    method: string;
    path: string;
    port: number;
    headers: Record<string, string>;
    body: string | null;
  };
  response: { status: number; headers: Record<string, string | string[]>; body: unknown };
}

const FOLDER = path.join(import.meta.dirname, '../../../fixtures/recordings');
export const RECORDINGS = path.join(FOLDER, 'logto');
/** The second set: another tenant, numbers from 701 on (fixtures/recordings/logto-2/README.md). */
export const SECOND_RECORDINGS = path.join(FOLDER, 'logto-2');
/** Where the recorded Logto listened for users; admin answered on 3302. */
export const RECORDED_ORIGIN = 'http://localhost:3301';

/** What a `*-decoded` file holds: the token of the exchange before it. */
export interface DecodedToken {
  number: number;
  name: string;
  note: string;
  header: Record<string, unknown>;
  payload: Record<string, unknown>;
}

const filesIn = (folder: string) =>
  readdirSync(folder)
    .filter((file) => /^\d{3}-.*\.json$/.test(file))
    .sort()
    .map((file) => ({
      number: Number(file.slice(0, 3)),
      name: file.slice(4, -'.json'.length),
      ...(JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as object),
    }));

/** All recorded exchanges; files with decoded tokens hold no exchange and are left out. */
export const loadRecordings = (folder: string = RECORDINGS): Recording[] =>
  (filesIn(folder) as Recording[]).filter(({ request }) => request !== undefined);

export const loadDecoded = (folder: string = RECORDINGS): DecodedToken[] =>
  (filesIn(folder) as DecodedToken[]).filter(({ payload }) => payload !== undefined);

/** Parameters of a form or JSON body. */
export function bodyOf({ request }: Recording): Record<string, string> {
  const { body } = request;
  if (!body) return {};
  if (body.startsWith('{')) {
    try {
      return JSON.parse(body);
    } catch {
      return {};
    }
  }
  return Object.fromEntries(new URLSearchParams(body));
}

/** The client that a request names, by Basic authentication, body or query. */
export const clientOf = (recording: Recording): string | undefined =>
  basicOf(recording)?.id ?? bodyOf(recording).client_id ?? undefined;

/** Client id and secret of Basic authentication. */
export function basicOf({ request }: Recording): { id: string; secret: string } | undefined {
  const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (!basic) return undefined;
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  return { id, secret };
}

/** Claims of a JWT, or undefined for anything else. */
export function claimsOf(token: unknown): Record<string, unknown> | undefined {
  if (typeof token !== 'string' || !token.startsWith('eyJ')) return undefined;
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
