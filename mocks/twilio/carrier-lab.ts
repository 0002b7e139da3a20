/** A carrier of its own for a test: the mock, its clock and scopes, and Twilio's official SDK pointed at it. */
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import twilio from 'twilio';
import { type Clock, createClock } from '../clock.ts';
import { createJournal, type Journal } from '../journal.ts';
import { createScopes, type Scopes } from '../scope.ts';
import { verifyServiceOf } from './accounts.ts';
import { startTwilio, type TwilioMock, type TwilioOptions } from './server.ts';

export const ACCOUNT = {
  sid: `AC${'0a'.repeat(16)}`,
  authToken: 'lab-auth-token-0000000000000000001',
  messagingServices: [`MG${'0b'.repeat(16)}`],
  numbers: ['+12025550142'],
  apiKeys: [{ sid: `SK${'0c'.repeat(16)}`, secret: 'lab-api-key-secret-00001' }],
};
export const SERVICE = ACCOUNT.messagingServices[0] as string;
export const NUMBER = '+12025550142';
/** The Verify Service that the account begins with. */
export const VERIFY_SERVICE = verifyServiceOf(ACCOUNT.sid);

export interface CarrierLab {
  mock: TwilioMock;
  scopes: Scopes;
  clock: Clock;
  journal: Journal;
  /** The SDK; every JSON answer it gets from the 2010-04-01 API and Verify is held against Twilio's API description. */
  sdk: ReturnType<typeof twilio>;
  /** Answers that were held against the description, as `GET 200 /…`. */
  validated: string[];
  /** A plain request with the account's credentials; `form` makes it a POST. */
  call(path: string, form?: Record<string, string> | null, method?: string): Promise<Response>;
  close(): Promise<void>;
}

interface Operation {
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
type Description = { paths: Record<string, Record<string, Operation>>; components: object };
const descriptions = new Map<string, Description>();
const validators = new Map<string, ValidateFunction | undefined>();

/** The description's `nullable` as JSON schema says it. */
function asJsonSchema(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(asJsonSchema);
  if (!node || typeof node !== 'object') return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, asJsonSchema(value)]));
  if (copy.nullable === true) {
    const { nullable: _, ...rest } = copy;
    return { anyOf: [rest, { type: 'null' }] };
  }
  return copy;
}

/** @throws Error naming what differs, when an answer is not as Twilio describes it */
export function assertDescribed(method: string, path: string, status: number, body: unknown): boolean {
  const file = path.startsWith('/v2/') ? 'twilio_verify_v2.json' : 'twilio_api_v2010.json';
  const description =
    descriptions.get(file) ??
    (asJsonSchema(
      JSON.parse(readFileSync(new URL(`../../fixtures/data/${file}`, import.meta.url), 'utf8')),
    ) as Description);
  descriptions.set(file, description);
  const shape = (text: string) => text.replace(/\{\w+\}/g, '{}');
  const template = path.replace(/\/[A-Z]{2}[0-9a-f]{32}/g, '/{}');
  const found = Object.keys(description.paths).find((key) => shape(key) === template);
  const key = `${method} ${template} ${status}`;
  if (!validators.has(key)) {
    const schema =
      found &&
      description.paths[found]?.[method.toLowerCase()]?.responses[status]?.content?.['application/json']
        ?.schema;
    const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
    validators.set(key, schema ? ajv.compile({ ...schema, components: description.components }) : undefined);
  }
  const validate = validators.get(key);
  if (!validate && found && status < 400 && status !== 204)
    throw new Error(`${key} is not in Twilio's description`);
  if (!validate) return false;
  if (!validate(body))
    throw new Error(
      `${key} is not as described: ${JSON.stringify(validate.errors, null, 2)}\n${JSON.stringify(body)}`,
    );
  return true;
}

export async function startCarrierLab(options: Partial<TwilioOptions> = {}): Promise<CarrierLab> {
  const scopes = createScopes();
  const clock = createClock(scopes);
  const journal = createJournal();
  const mock = await startTwilio({
    scopes,
    clock,
    journal,
    accounts: [ACCOUNT],
    paceMs: 5,
    templates: () => [{ usageType: 'SignIn', content: 'Your sign-in code is {{code}}.' }],
    ...options,
  });
  const validated: string[] = [];
  const client = new twilio.RequestClient();
  const request: typeof client.request = async (sent) => {
    const answer = await client.request({
      ...sent,
      uri: sent.uri.replace(/^https:\/\/(?:api|messaging|verify)\.twilio\.com/, mock.origin),
    });
    const path = new URL(sent.uri).pathname;
    const body = typeof answer.body === 'string' && answer.body ? JSON.parse(answer.body) : answer.body;
    if (assertDescribed(sent.method.toUpperCase(), path, answer.statusCode, body))
      validated.push(`${sent.method.toUpperCase()} ${answer.statusCode} ${path}`);
    return answer;
  };
  const httpClient = Object.assign(Object.create(client), { request });
  const authorization = `Basic ${Buffer.from(`${ACCOUNT.sid}:${ACCOUNT.authToken}`).toString('base64')}`;
  return {
    mock,
    scopes,
    clock,
    journal,
    sdk: twilio(ACCOUNT.sid, ACCOUNT.authToken, { httpClient }),
    validated,
    call: (path, form = null, method = form ? 'POST' : 'GET') =>
      fetch(`${mock.origin}/2010-04-01/Accounts/${ACCOUNT.sid}${path}`, {
        method,
        headers: { authorization },
        body: form ? new URLSearchParams(form) : undefined,
        redirect: 'manual',
      }),
    close: () => mock.close(),
  };
}

/** Asks until the answer is there, for at most two seconds. */
export async function until<Value>(
  ask: () => Value | undefined | false | Promise<Value | undefined | false>,
) {
  for (let left = 200; left > 0; left--) {
    const value = await ask();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('it never became true');
}
