/**
 * MSW handlers for apps that are tested in one process (`authjs-conformance/msw`): what the app asks of its Logto tenant and
 * of Twilio goes to running mocks.
 *
 * ```ts
 * const mocks = await startMocks({ publicIssuer: 'https://tenant.logto.app/oidc', applications: [ … ] });
 * const server = setupServer(...handlers(mocks));
 * ```
 */
import { request as send } from 'undici';
import type { Mocks } from '../../mocks/index.ts';
import { TWILIO_ORIGINS } from '../../mocks/twilio/hosts.ts';
import { ofTheApp } from './of-the-app.ts';

const NOT_COPIED = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding']);

async function resend(request: Request, to: string): Promise<Response> {
  const url = new URL(request.url);
  const headers = Object.fromEntries([...request.headers].filter(([name]) => !NOT_COPIED.has(name)));
  const answer = await send(to + url.pathname + url.search, {
    method: request.method as 'GET',
    headers: {
      ...headers,
      'x-forwarded-host': url.host,
      'x-forwarded-proto': url.protocol.slice(0, -1),
    },
    body: ['GET', 'HEAD'].includes(request.method) ? undefined : Buffer.from(await request.arrayBuffer()),
  });
  const body = Buffer.from(await answer.body.arrayBuffer());
  const kept = new Headers();
  for (const [name, value] of Object.entries(answer.headers))
    for (const each of [value ?? []].flat())
      if (!['content-length', 'transfer-encoding', 'connection'].includes(name)) kept.append(name, each);
  return new Response([204, 205, 304].includes(answer.statusCode) ? null : body, {
    status: answer.statusCode,
    headers: kept,
  });
}

/**
 * The mocks have an MSW server of their own in this process, and a second one makes MSW 3 hand each request to the handlers
 * twice: it is sent once.
 */
const answered = new WeakMap<Request, Promise<Response>>();

async function once(request: Request, to: string): Promise<Response> {
  const answer = answered.get(request) ?? resend(request, to);
  answered.set(request, answer);
  return (await answer).clone();
}

export interface HandlerOptions {
  /** Issuer that the app is set up with (default: the `publicIssuer` of the mocks). */
  issuer?: string;
}

/**
 * Handlers for the origin of the issuer, and for Twilio's APIs (messages, Verify, Messaging Services) in every region; what
 * goes to the mocks themselves is let through.
 *
 * @param mocks of `startMocks()`; with `publicIssuer`, their documents and tokens name the issuer that the app knows
 */
export function handlers(mocks: Mocks, { issuer = mocks.issuer.issuer }: HandlerOptions = {}) {
  const { http, passthrough } = ofTheApp<typeof import('msw')>('msw');
  const origin = new URL(issuer).origin;
  const routes: [string, string][] = [
    ...(origin === mocks.issuer.origin ? [] : ([[origin, mocks.issuer.origin]] as [string, string][])),
    ...TWILIO_ORIGINS.map((from): [string, string] => [from, mocks.carrier.origin]),
  ];
  return [
    ...routes.map(([from, to]) => http.all(`${from}/*`, ({ request }) => once(request, to))),
    ...[mocks.issuer.origin, mocks.carrier.origin, mocks.control.origin].map((own) =>
      http.all(`${own}/*`, () => passthrough()),
    ),
  ];
}
