/** Recordings of a real Logto, in the order they were made (fixtures/recordings/logto/README.md). */
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

export const RECORDINGS = path.join(import.meta.dirname, '../../../fixtures/recordings/logto');
/** Where the recorded Logto listened for users; admin answered on 3302. */
export const RECORDED_ORIGIN = 'http://localhost:3301';

/** All recorded exchanges; files with decoded tokens hold no exchange and are left out. */
export function loadRecordings(folder: string = RECORDINGS): Recording[] {
  return readdirSync(folder)
    .filter((file) => /^\d{3}-.*\.json$/.test(file))
    .sort()
    .map((file) => ({
      number: Number(file.slice(0, 3)),
      ...(JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Omit<Recording, 'number'>),
    }))
    .filter(({ request }) => request !== undefined);
}

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
export function clientOf(recording: Recording): string | undefined {
  const basic = /^Basic (.+)$/.exec(recording.request.headers.authorization ?? '')?.[1];
  const user = basic ? Buffer.from(basic, 'base64').toString('utf8').split(':')[0] : undefined;
  return user ?? bodyOf(recording).client_id ?? undefined;
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
