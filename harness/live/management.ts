/** The Management API of a real tenant, asked as a machine-to-machine application. */
import { setTimeout as sleep } from 'node:timers/promises';
import { registerSecret } from '../../mocks/redact.ts';
import { ConformanceError } from '../errors.ts';
import type { Wire, WireAnswer, WireRequest } from './wire.ts';

export interface Management {
  /** One request; an answer that is no success is thrown, unless its status is named in `allow`. */
  call<Answer = unknown>(
    method: string,
    path: string,
    options?: { json?: unknown; allow?: number[]; scope?: string },
  ): Promise<{ status: number; body: Answer; headers: WireAnswer['headers'] }>;
}

export interface ManagementOptions {
  wire: Wire;
  /** Origin of the tenant. */
  origin: string;
  issuer: string;
  /** Issuer that gives tokens for the Management API, when it is not that of the tenant. */
  tokenIssuer?: string;
  credentials: { id: string; secret: string };
  /** Resource indicator (default: by the host of the tenant). */
  resource?: string;
  /** Told when a limit makes it wait. */
  progress?(text: string): void;
}

/**
 * Resource indicator of a tenant's Management API: `https://<tenant>.logto.app/api` in Logto's cloud, and
 * `https://default.logto.app/api` in Logto that people run themselves (docs.logto.io, Interact with Management API).
 */
export const managementApiOf = (origin: string): string => {
  const { hostname } = new URL(origin);
  return /(^|\.)logto\.app$/.test(hostname) ? `https://${hostname}/api` : 'https://default.logto.app/api';
};

/** Seconds that a limit may make us wait in all. */
const PATIENCE_S = 90;

/** Seconds that an answer asks us to wait; Logto itself names none. */
export const waitOf = ({ headers }: Pick<WireAnswer, 'headers'>, otherwise: number): number => {
  const said = [headers['retry-after'] ?? []].flat()[0];
  if (said === undefined) return otherwise;
  const seconds = Number(said);
  return Number.isFinite(seconds) ? seconds : Math.max(0, (Date.parse(said) - Date.now()) / 1000);
};

/**
 * Gets a token, which shows whether the application may use the Management API, and answers with a client.
 *
 * @throws ConformanceError CONF_M2M_REFUSED (id or secret), CONF_M2M_SCOPE (no role), CONF_LIVE_LIMITED, CONF_MANAGEMENT
 */
export async function connectManagement(options: ManagementOptions): Promise<Management> {
  const {
    wire,
    origin,
    issuer,
    tokenIssuer = issuer,
    credentials,
    resource = managementApiOf(origin),
    progress = () => {},
  } = options;
  let token: { value: string; until: number } | undefined;

  const patient = async (target: string, request: WireRequest): Promise<WireAnswer> => {
    for (let waited = 0; ; ) {
      const answer = await wire.ask(target, request);
      if (answer.status !== 429) return answer;
      const seconds = waitOf(answer, 10);
      waited += seconds;
      if (waited > PATIENCE_S)
        throw new ConformanceError({
          code: 'CONF_LIVE_LIMITED',
          what: `${request.method ?? 'GET'} ${new URL(target).pathname} was limited (429) for more than ${PATIENCE_S} s`,
          expected: 'a tenant that answers',
          remedy: 'wait some minutes, and run again with less (a selection, --pace).',
        });
      progress(`the tenant asks to wait ${Math.ceil(seconds)} s (429)`);
      await sleep(seconds * 1000);
    }
  };

  const authorize = async (): Promise<string> => {
    if (token && token.until > Date.now()) return token.value;
    const answer = await patient(`${tokenIssuer}/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${encodeURIComponent(credentials.id)}:${encodeURIComponent(credentials.secret)}`).toString('base64')}`,
      },
      form: { grant_type: 'client_credentials', resource, scope: 'all' },
      facts: { endpoint: 'token', clientId: credentials.id },
    });
    const body = (answer.json() ?? {}) as Record<string, unknown>;
    if (answer.status !== 200) throw refused(answer.status, body, resource, credentials.id);
    const value = String(body.access_token ?? '');
    registerSecret('access token', value);
    if (
      !String(body.scope ?? '')
        .split(' ')
        .includes('all')
    )
      throw lacksScope(credentials.id, resource);
    token = { value, until: Date.now() + (Number(body.expires_in ?? 60) - 30) * 1000 };
    return value;
  };
  await authorize();

  return {
    async call(method, place, { json, allow = [], scope } = {}) {
      const request: WireRequest = {
        method,
        json,
        scope,
        headers: { authorization: `Bearer ${await authorize()}` },
        facts: { endpoint: 'management' },
      };
      const answer = await patient(`${origin}${place}`, request);
      const good = answer.status < 300 || allow.includes(answer.status);
      if (!good && answer.status === 403) throw lacksScope(credentials.id, resource);
      if (!good) throw failed(method, place, answer);
      return { status: answer.status, body: answer.json() as never, headers: answer.headers };
    },
  };
}

const refused = (status: number, body: Record<string, unknown>, resource: string, id: string) => {
  const said = String(body.error ?? '');
  const target = said === 'invalid_target';
  return new ConformanceError({
    code: target ? 'CONF_M2M_SCOPE' : 'CONF_M2M_REFUSED',
    what: `the tenant gave the application ${id} no token: ${status} ${said} ${String(body.error_description ?? '')}`.trim(),
    expected: target
      ? `a tenant whose Management API is ${resource} (live.managementApi)`
      : 'id and secret of a machine-to-machine application (CONFORMANCE_M2M_ID, CONFORMANCE_M2M_SECRET)',
    remedy: target
      ? 'name its resource indicator: live.managementApi.'
      : 'copy both from the page of the application in the Logto console; its type must be Machine-to-machine.',
  });
};

const lacksScope = (id: string, resource: string) =>
  new ConformanceError({
    code: 'CONF_M2M_SCOPE',
    what: `the application ${id} may not use the Management API: its token has no scope "all" for ${resource}`,
    expected: 'a machine-to-machine application with the role "Logto Management API access"',
    remedy: 'assign that role on the page of the application in the Logto console (Roles), and run again.',
  });

const failed = (method: string, place: string, answer: WireAnswer) => {
  const { code, message } = (answer.json() ?? {}) as { code?: string; message?: string };
  return new ConformanceError({
    code: 'CONF_MANAGEMENT',
    what: `${method} ${place.split('?')[0]} of the tenant answered ${answer.status}${code ? ` ${code}` : ''}${message ? `: ${message}` : ''}`,
    expected: 'a tenant that takes the request',
    remedy: 'read what it says; the whole exchange is in live-journal.jsonl of the results folder.',
  });
};
