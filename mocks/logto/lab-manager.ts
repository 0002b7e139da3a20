/** A Logto mock with somebody who may use the Management API; for unit tests. */
import { LAB_CLIENT, type LogtoLab, startLogtoLab } from './logto-lab.ts';

export const MANAGER = {
  id: 'lab0manager000000000a',
  secret: 'lab-manager-secret-0000000000001',
  type: 'MachineToMachine' as const,
  roles: ['Logto Management API access'],
};

export interface Managed {
  status: number;
  headers: Headers;
  text: string;
  /** Body as JSON, `{}` when it is none. */
  json: Record<string, unknown>;
}

export interface ManagerLab extends LogtoLab {
  /** Bearer token of the manager. */
  token: string;
  /** A call of the Management API; the path starts after `/api`. */
  manage(method: string, path: string, body?: unknown): Promise<Managed>;
}

/** @param options anything that `startLogtoLab` takes */
export async function startManagerLab(
  options: Parameters<typeof startLogtoLab>[0] = {},
): Promise<ManagerLab> {
  const lab = await startLogtoLab({
    ...options,
    applications: [LAB_CLIENT, MANAGER, ...(options.applications ?? [])],
  });
  const answer = await fetch(`${lab.mock.issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${MANAGER.id}:${MANAGER.secret}`)}` },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      resource: 'https://default.logto.app/api',
      scope: 'all',
    }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return {
    ...lab,
    token,
    async manage(method, path, body) {
      const sent = await fetch(`${lab.mock.origin}/api${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await sent.text();
      const json = /^[{[]/.test(text) ? JSON.parse(text) : {};
      return { status: sent.status, headers: sent.headers, text, json };
    },
  };
}
