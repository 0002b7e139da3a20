/**
 * The real SMS connector of Logto, loaded by package name or path, with its calls to the carrier re-routed.
 *
 * The Twilio connector hard-codes https://api.twilio.com (facts: connector 1.4.4, `got` over node:https), so
 * msw answers that origin inside this process by asking the carrier mock.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import path from 'node:path';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { inTime, interruptible, loadTypeScript } from '../load-module.ts';
import { importEdited } from '../read-again.ts';
import { SCOPE_HEADER, USAGE_TYPE_HEADER } from '../scope.ts';
import { TWILIO_ORIGINS } from '../twilio/hosts.ts';
import { closeSockets } from './closing-sockets.ts';
import { packageFolder, resolvePackage, resolvePath } from './locate-connector.ts';

/** Header that tells a carrier mock which origin the connector had asked. */
export const ORIGIN_HEADER = 'x-conformance-origin';
export const TWILIO_ORIGIN = 'https://api.twilio.com';
export const DEFAULT_CONNECTOR = '@logto/connector-twilio-sms';

/** The part of a connector-kit SMS connector that the issuer uses. */
export interface SmsConnector {
  type: 'Sms' | (string & {});
  metadata: { id: string; target: string; name: Record<string, string> } & Record<string, unknown>;
  configGuard: { safeParse(config: unknown): { success: boolean; error?: unknown } };
  sendMessage(
    data: { to: string; type: string; payload: Record<string, unknown>; ip?: string },
    config?: unknown,
  ): Promise<unknown>;
}
/** Connectors for text messages and for e-mail have one shape; `type` tells them apart. */
export type MessageConnector = SmsConnector;

/** A request as the connector made it, before it was re-routed. */
export interface OutgoingRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** In whose name a message is being sent, and to which carrier when one process runs several mocks. */
interface Sending {
  scope: string | undefined;
  carrier: string | undefined;
  /** What Logto asked the connector for, such as SignIn. */
  usageType: string;
  /** Told each request; then requests to every origin go to the carrier, so that nothing leaves this machine. */
  observe?(request: OutgoingRequest): void;
  /** Answers what goes neither to a route nor to this machine: a mail service on the net. */
  deliver?(request: OutgoingRequest): { status: number; body: string };
}
const sending = new AsyncLocalStorage<Sending>();
/** Targets by origin; the newest stands last. */
const routes = new Map<string, string[]>();
let listening = false;

/** Hop-by-hop and computed headers must not be copied to the re-sent request. */
const NOT_COPIED = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding']);

async function resend(request: Request, origin: string): Promise<Response> {
  const url = new URL(request.url);
  const headers = new Headers([...request.headers].filter(([name]) => !NOT_COPIED.has(name)));
  const { scope, usageType, observe } = sending.getStore() ?? {};
  if (scope) headers.set(SCOPE_HEADER, scope);
  // An observer is to see what the connector wrote, and nothing of ours.
  if (usageType && !observe && /^\w+$/.test(usageType)) headers.set(USAGE_TYPE_HEADER, usageType);
  const body = ['GET', 'HEAD'].includes(request.method) ? undefined : await request.arrayBuffer();
  if (observe) {
    headers.set(ORIGIN_HEADER, url.origin);
    observe({
      method: request.method,
      url: request.url,
      headers: Object.fromEntries(request.headers),
      body: new TextDecoder().decode(body),
    });
  }
  try {
    const answer = await fetch(new URL(url.pathname + url.search, origin), {
      method: request.method,
      headers,
      body,
      redirect: 'manual',
    });
    return new Response(answer.body, {
      status: answer.status,
      statusText: answer.statusText,
      headers: answer.headers,
    });
  } catch {
    return HttpResponse.error();
  }
}

/**
 * Sends everything this process asks of `from` to `to` instead, until the returned function is called.
 *
 * @param from an origin, such as `https://api.twilio.com`
 * @param to the origin of a mock
 */
export function reroute(from: string, to: string): () => void {
  routes.set(from, [...(routes.get(from) ?? []), to]);
  listen();
  return () => {
    const left = routes.get(from) ?? [];
    left.splice(left.lastIndexOf(to), left.includes(to) ? 1 : 0);
    if (left.length === 0) routes.delete(from);
  };
}

async function delivered(request: Request, deliver: NonNullable<Sending['deliver']>): Promise<Response> {
  const { status, body } = deliver({
    method: request.method,
    url: request.url,
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
  });
  return new HttpResponse(body, { status, headers: { 'content-type': 'application/json' } });
}

const isLocal = (url: string) => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);

/**
 * Starts to intercept, once and for the life of the process: when msw is closed and started again, a request may slip
 * through to the real carrier (measured with 3.0.5). What has no route, and is no message, passes untouched.
 */
function listen(): void {
  if (listening) return;
  listening = true;
  closeSockets(() => sending.getStore() !== undefined);
  setupServer(
    http.all('*', ({ request }) => {
      const { origin } = new URL(request.url);
      const { carrier, observe } = sending.getStore() ?? {};
      if (observe) return carrier && origin !== carrier ? resend(request, carrier) : undefined;
      // A connector may send through another region of Twilio than the United States.
      const targets = routes.get(TWILIO_ORIGINS.includes(origin) ? TWILIO_ORIGIN : origin);
      const target = targets && (carrier ?? targets.at(-1));
      if (target) return resend(request, target);
      const { deliver } = sending.getStore() ?? {};
      if (deliver && !isLocal(request.url)) return delivered(request, deliver);
      // A message that the mocks do not know the carrier of must not reach a real one.
      return sending.getStore() && !isLocal(request.url) ? HttpResponse.error() : undefined;
    }),
  ).listen({ onUnhandledFrame: 'bypass' });
}

/**
 * Loads a connector-kit connector.
 *
 * @param name package name, or a path (absolute, or relative to `from`)
 * @param getConfig gives the stored config each time a message is sent without one
 * @param from folder that packages and relative paths are looked up from
 */
export async function loadConnector(
  name: string,
  getConfig: () => unknown,
  from: string = process.cwd(),
): Promise<SmsConnector> {
  const file = /^[./]/.test(name) ? resolvePath(path.resolve(from, name)) : resolvePackage(name, from);
  const load = async () => {
    const module = await inTime(importModule(file));
    if (typeof module.default !== 'function')
      throw new Error(
        `${name} has no default export that makes a connector (connector-kit: CreateConnector)`,
      );
    return inTime(module.default({ getConfig: async () => getConfig() }));
  };
  // What was published was loaded by others before.
  const connector = await (/^[./]/.test(name) ? interruptible(`the connector ${name}`, load) : load());
  folders.set(connector, packageFolder(file));
  return connector;
}

/** A connector in TypeScript is loaded as it is written, enums and imports without an extension included. */
async function importModule(file: string): Promise<{ default: (tools: object) => Promise<SmsConnector> }> {
  if (!/\.[mc]?tsx?$/.test(file)) return importEdited(file) as ReturnType<typeof importModule>;
  return loadTypeScript(file) as ReturnType<typeof importModule>;
}

const folders = new WeakMap<SmsConnector, string>();

/** Folder of a loaded connector's package, where its metadata's files (logo, readme) are. */
export const connectorFolder = (connector: SmsConnector): string | undefined => folders.get(connector);

/**
 * Sends one message in the name of a scope, so that the carrier knows which faults apply.
 *
 * @param carrier origin that answers for the connector's own one; without it the newest `reroute` counts
 */
export const sendInScope = (
  scope: string | undefined,
  connector: SmsConnector,
  data: Parameters<SmsConnector['sendMessage']>[0],
  config?: unknown,
  carrier?: string,
): Promise<unknown> =>
  sending.run({ scope, carrier, usageType: data.type }, () => connector.sendMessage(data, config));

/**
 * Sends one e-mail in the name of a scope. A service on this machine is asked as it is; one on the net is answered here,
 * so that no mail ever leaves.
 *
 * @param deliver answers for the service on the net
 */
export function sendMail(
  scope: string | undefined,
  connector: MessageConnector,
  data: Parameters<MessageConnector['sendMessage']>[0],
  config: unknown,
  deliver: NonNullable<Sending['deliver']>,
): Promise<unknown> {
  listen();
  return sending.run({ scope, carrier: undefined, usageType: data.type, deliver }, () =>
    connector.sendMessage(data, config),
  );
}

/**
 * Sends one message and tells each request that it takes; every origin that the connector asks is the carrier, so
 * that not even a mistaken endpoint of a config is ever reached.
 *
 * @param options.carrier origin of a carrier mock
 */
export async function sendObserved(options: {
  connector: SmsConnector;
  data: Parameters<SmsConnector['sendMessage']>[0];
  config?: unknown;
  carrier: string;
  scope?: string;
  observe(request: OutgoingRequest): void;
}): Promise<unknown> {
  const { connector, data, config, carrier, scope, observe } = options;
  listen();
  return sending.run({ scope, carrier, usageType: data.type, observe }, () =>
    connector.sendMessage(data, config),
  );
}

/** Milliseconds until a connector that asks nobody is let be. */
const ASKS_WITHIN_MS = 5_000;

/**
 * The address that a connector asks first when it sends a message; the request goes nowhere.
 *
 * @returns undefined when it asks nobody within five seconds
 */
export function carrierOf(connector: SmsConnector, config: unknown): Promise<URL | undefined> {
  listen();
  return new Promise((resolve) => {
    const observe = ({ url }: OutgoingRequest) => resolve(new URL(url));
    // Nobody listens there: the request fails once its address is known.
    const store = { scope: undefined, carrier: 'http://127.0.0.1:1', usageType: 'Generic', observe };
    const data = { to: '12015550100', type: 'Generic', payload: { code: '000000' } };
    setTimeout(() => resolve(undefined), ASKS_WITHIN_MS).unref();
    sending
      .run(store, async () => connector.sendMessage(data, config))
      .then(
        () => resolve(undefined),
        () => resolve(undefined),
      );
  });
}
