/** A Logto mock with a carrier that only remembers, and a browser-like client: for the unit tests of this folder. */
import { createServer } from 'node:http';
import { createClock } from '../clock.ts';
import { createJournal } from '../journal.ts';
import { createScopes } from '../scope.ts';
import { type LogtoMock, type LogtoOptions, startLogto } from './server.ts';
import type { SignInExperience } from './tenant.ts';

/** One text message that left through the connector. */
export interface SentMessage {
  to: string;
  body: string;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Body as JSON. */
  json: Record<string, unknown>;
  location: string | undefined;
}

export interface TestBrowser {
  /** Cookies by name; change them to play somebody else. */
  cookies: Map<string, string>;
  call(method: string, url: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Sends a form as a page without JavaScript does. */
  post(url: string, fields: Record<string, string>): Promise<Answer>;
  /** Starts an authorization request, so that the browser has an interaction. */
  authorize(params?: Record<string, string>): Promise<Answer>;
}

export interface LogtoLab {
  mock: LogtoMock;
  sent: SentMessage[];
  /** The code in the newest message to a number (digits only). */
  codeFor(phone: string): string;
  /** What the carrier answers from now on; undefined accepts again, 'reset' breaks the connection. */
  carrierAnswers(answer: { status: number; body: string } | 'reset' | undefined): void;
  browser(): TestBrowser;
  scopes: ReturnType<typeof createScopes>;
  clock: ReturnType<typeof createClock>;
  close(): Promise<void>;
}

export const LAB_CLIENT = {
  id: 'lab0client0000000000a',
  secret: 'lab-client-secret-00000000000001',
  redirectUris: ['http://localhost:3999/callback'],
};

const TEMPLATES = ['SignIn', 'Register', 'ForgotPassword', 'Generic', 'BindMfa', 'MfaVerification'];
export const LAB_CONNECTOR_CONFIG = {
  accountSID: 'AClab0000000000000000000000000000',
  authToken: 'lab-auth-token',
  fromMessagingServiceSID: 'MGlab0000000000000000000000000000',
  templates: TEMPLATES.map((usageType) => ({ usageType, content: `[${usageType}] Your code is {{code}}.` })),
};

/** @param options anything that `startLogto` takes */
export async function startLogtoLab(
  options: Partial<LogtoOptions> & { signInExperience?: Partial<SignInExperience> } = {},
): Promise<LogtoLab> {
  const sent: SentMessage[] = [];
  let carrierAnswer: { status: number; body: string } | 'reset' | undefined;
  const carrier = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (carrierAnswer === 'reset') return void request.socket.destroy();
      const form = new URLSearchParams(Buffer.concat(parts).toString());
      if (!carrierAnswer) sent.push({ to: form.get('To') ?? '', body: form.get('Body') ?? '' });
      response.writeHead(carrierAnswer?.status ?? 201, { 'content-type': 'application/json' });
      response.end(carrierAnswer?.body ?? '{"sid":"SM0"}');
    });
  });
  await new Promise<void>((resolve) => carrier.listen(0, '127.0.0.1', resolve));
  const { port } = carrier.address() as { port: number };

  const scopes = createScopes();
  const clock = createClock(scopes);
  const mock = await startLogto({
    scopes,
    clock,
    journal: createJournal(),
    applications: [LAB_CLIENT],
    connector: { config: LAB_CONNECTOR_CONFIG },
    carrierOrigin: `http://127.0.0.1:${port}`,
    ...options,
  });

  const browser = (): TestBrowser => {
    const cookies = new Map<string, string>();
    const send = async (
      method: string,
      url: string,
      body: string | undefined,
      headers: Record<string, string>,
    ): Promise<Answer> => {
      const response = await fetch(new URL(url, mock.origin), {
        method,
        body,
        redirect: 'manual',
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '), ...headers },
      });
      for (const cookie of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        if (value === '' || /expires=Thu, 01 Jan 1970/i.test(cookie)) cookies.delete(name);
        else cookies.set(name, value);
      }
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        text,
        location: response.headers.get('location') ?? undefined,
        get json() {
          return JSON.parse(text) as Record<string, unknown>;
        },
      };
    };
    return {
      cookies,
      call: (method, url, body, headers = {}) =>
        send(
          method,
          url,
          typeof body === 'string' || body === undefined ? body : JSON.stringify(body),
          body === undefined ? headers : { 'content-type': 'application/json', ...headers },
        ),
      post: (url, fields) =>
        send('POST', url, new URLSearchParams(fields).toString(), {
          'content-type': 'application/x-www-form-urlencoded',
        }),
      authorize: (params = {}) =>
        send(
          'GET',
          `/oidc/auth?${new URLSearchParams({
            client_id: LAB_CLIENT.id,
            redirect_uri: LAB_CLIENT.redirectUris[0] as string,
            response_type: 'code',
            scope: 'openid profile phone offline_access',
            prompt: 'consent',
            state: 'lab-state',
            ...params,
          })}`,
          undefined,
          {},
        ),
    };
  };

  return {
    mock,
    sent,
    scopes,
    clock,
    browser,
    codeFor: (phone) =>
      /\d{6}/.exec(sent.findLast(({ to }) => to === `+${phone}`)?.body ?? '')?.[0] ?? 'no code was sent',
    carrierAnswers(answer) {
      carrierAnswer = answer;
    },
    async close() {
      await mock.close();
      await new Promise((resolve) => carrier.close(resolve));
    },
  };
}
