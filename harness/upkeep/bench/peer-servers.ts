/** The servers of the comparison, and what is asked of each. */
import { createHash, randomBytes } from 'node:crypto';
import type { Agent } from 'undici';
import { request } from 'undici';

/** What a server prints when it listens. */
interface Told {
  origin: string;
  [name: string]: string;
}
type Loop = (told: Told) => Promise<(agent: Agent) => Promise<unknown>>;

export interface Peer {
  key: string;
  name: string;
  /** As npm installs them. */
  packages: string[];
  /** A module that prints `READY {"origin": …}`; empty for ours. */
  server: string;
  /** A module of this repository that does the same. */
  ours?: string;
  loops: Record<string, Loop>;
}

const REDIRECT = 'http://localhost:9/callback';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

async function ask(
  agent: Agent,
  url: string,
  init: { method?: 'GET' | 'POST'; headers?: Record<string, string>; body?: string } = {},
): Promise<{ status: number; location: string; cookies: string[]; text: string }> {
  const { statusCode, headers, body } = await request(url, { dispatcher: agent, ...init });
  return {
    status: statusCode,
    location: [headers.location ?? ''].flat()[0] as string,
    cookies: [headers['set-cookie'] ?? []].flat(),
    text: await body.text(),
  };
}

const demand = (status: number, what: string, text = '') => {
  if (status >= 400) throw new Error(`${what} answered ${status}: ${text.slice(0, 200)}`);
};

const discovery: (at: (told: Told) => string) => Loop = (at) => async (told) => async (agent) => {
  const answer = await ask(agent, at(told));
  demand(answer.status, 'discovery', answer.text);
};

/**
 * A whole sign-in of somebody whom the issuer knows: authorization request with PKCE, whatever pages it has, code, token
 * request; redirects on its own origin are followed with cookies, forms posted as they stand.
 */
const signIn: (at: (told: Told) => { authorize: string; token: string; cookie?: string }) => Loop =
  (at) => async (told) => {
    const { authorize, token, cookie = '' } = at(told);
    return async (agent) => {
      const verifier = randomBytes(32).toString('base64url');
      const query = new URLSearchParams({
        client_id: 'bench',
        redirect_uri: REDIRECT,
        response_type: 'code',
        scope: 'openid',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        state: 'state-of-the-bench',
      });
      const jar = new Map<string, string>(cookie ? [cookie.split('=', 2) as [string, string]] : []);
      let next = `${authorize}?${query}`;
      let form: string | undefined;
      for (let hops = 0; hops < 12 && !next.startsWith(REDIRECT); hops += 1) {
        const headers = {
          cookie: [...jar].map((pair) => pair.join('=')).join('; '),
          ...(form !== undefined && FORM),
        };
        const answer = await ask(agent, next, {
          method: form === undefined ? 'GET' : 'POST',
          headers,
          body: form,
        });
        demand(answer.status, next, answer.text);
        for (const line of answer.cookies) {
          const [pair = ''] = line.split(';');
          jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
        }
        form = undefined;
        if (answer.location) next = new URL(answer.location, next).href;
        else {
          const action = /<form[^>]*action="([^"]+)"/.exec(answer.text)?.[1];
          if (!action) throw new Error(`a page without a form at ${next}`);
          next = new URL(action, next).href;
          const fields = [...answer.text.matchAll(/<input[^>]*name="([^"]+)"(?:[^>]*value="([^"]*)")?/g)];
          form = new URLSearchParams(
            fields.map(([, name = '', value]) => [name, value || 'somebody']),
          ).toString();
        }
      }
      const code = new URL(next).searchParams.get('code') ?? '';
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: REDIRECT,
        code_verifier: verifier,
        client_id: 'bench',
        client_secret: 'bench-secret-0000000000000000000001',
      }).toString();
      const answer = await ask(agent, token, { method: 'POST', headers: FORM, body });
      demand(answer.status, 'the token endpoint', answer.text);
      if (!answer.text.includes('id_token')) throw new Error('no ID token');
    };
  };

const messages: (at: (told: Told) => string) => Loop = (at) => async (told) => async (agent) => {
  const answer = await ask(agent, at(told), {
    method: 'POST',
    headers: {
      ...FORM,
      authorization: `Basic ${Buffer.from(`${told.sid}:${told.token}`).toString('base64')}`,
    },
    body: new URLSearchParams({
      To: '+14155550123',
      MessagingServiceSid: `MG${'0b'.repeat(16)}`,
      Body: 'Your sign-in code is 123456.',
    }).toString(),
  });
  demand(answer.status, 'messages', answer.text);
};

const wellKnown = '/.well-known/openid-configuration';

export const PEERS: Peer[] = [
  {
    key: 'ours',
    name: 'issuer mock of this repository',
    packages: [],
    server: '',
    ours: 'harness/upkeep/bench/serve-ours.ts',
    loops: {
      discovery: discovery(({ origin }) => `${origin}/oidc${wellKnown}`),
      'sign-ins': signIn(({ origin, cookie }) => ({
        authorize: `${origin}/oidc/auth`,
        token: `${origin}/oidc/token`,
        cookie,
      })),
    },
  },
  {
    key: 'oidc-provider',
    name: 'plain oidc-provider (development pages)',
    packages: ['oidc-provider@9.11.3'],
    server: `import Provider from 'oidc-provider';
import http from 'node:http';
console.warn = () => {};
const server = http.createServer().listen(0, '127.0.0.1', () => {
  const origin = 'http://127.0.0.1:' + server.address().port;
  const provider = new Provider(origin, { clients: [{ client_id: 'bench', client_secret: 'bench-secret-0000000000000000000001', redirect_uris: ['${REDIRECT}'], token_endpoint_auth_method: 'client_secret_post' }] });
  server.on('request', provider.callback());
  console.log('READY ' + JSON.stringify({ origin }));
});`,
    loops: {
      discovery: discovery(({ origin }) => `${origin}${wellKnown}`),
      'sign-ins': signIn(({ origin }) => ({ authorize: `${origin}/auth`, token: `${origin}/token` })),
    },
  },
  {
    key: 'oauth2-mock-server',
    name: 'oauth2-mock-server',
    packages: ['oauth2-mock-server'],
    server: `import { OAuth2Server } from 'oauth2-mock-server';
const server = new OAuth2Server();
await server.issuer.keys.generate('RS256');
await server.start(0, '127.0.0.1');
console.log('READY ' + JSON.stringify({ origin: 'http://127.0.0.1:' + server.address().port }));`,
    loops: {
      discovery: discovery(({ origin }) => `${origin}${wellKnown}`),
      'sign-ins': signIn(({ origin }) => ({ authorize: `${origin}/authorize`, token: `${origin}/token` })),
    },
  },
  {
    key: 'mongodb',
    name: '@mongodb-js/oidc-mock-provider',
    packages: ['@mongodb-js/oidc-mock-provider'],
    server: `import { OIDCMockProvider } from '@mongodb-js/oidc-mock-provider';
const provider = await OIDCMockProvider.create({ port: 0, hostname: '127.0.0.1', getTokenPayload: () => ({ expires_in: 3600, payload: { sub: 'somebody' } }) });
console.log('READY ' + JSON.stringify({ origin: provider.issuer.replace(/\\/$/, '').replace('localhost', '127.0.0.1') }));`,
    loops: {
      discovery: discovery(({ origin }) => `${origin}${wellKnown}`),
      'sign-ins': signIn(({ origin }) => ({ authorize: `${origin}/authorize`, token: `${origin}/token` })),
    },
  },
  {
    key: 'our-carrier',
    name: 'Twilio mock of this repository',
    packages: [],
    server: '',
    ours: 'harness/upkeep/bench/serve-ours.ts',
    loops: {
      messages: messages(({ carrier, sid }) => `${carrier}/2010-04-01/Accounts/${sid}/Messages.json`),
    },
  },
  {
    key: 'prism',
    name: "Prism with Twilio's OpenAPI file",
    packages: ['@stoplight/prism-cli'],
    server: `import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
const probe = createServer().listen(0, '127.0.0.1', () => {
  const { port } = probe.address();
  probe.close(() => {
    const child = spawn(process.execPath, ['node_modules/@stoplight/prism-cli/dist/index.js', 'mock', '-p', String(port), '-h', '127.0.0.1', '--verboseLevel', 'error', 'twilio.json'], { stdio: 'ignore' });
    process.on('exit', () => child.kill('SIGKILL'));
    const ask = () => fetch('http://127.0.0.1:' + port + '/').then(() => console.log('READY ' + JSON.stringify({ origin: 'http://127.0.0.1:' + port, sid: 'AC' + '0a'.repeat(16), token: 'x' })), () => setTimeout(ask, 20));
    ask();
    setInterval(() => process.ppid === 1 && process.exit(), 500);
  });
});`,
    loops: { messages: messages(({ origin, sid }) => `${origin}/2010-04-01/Accounts/${sid}/Messages.json`) },
  },
];
