/** The routes of the control server as a table: what each takes and does. The OpenAPI description is made from it. */
import { z } from 'zod';
import type { Clock } from './clock.ts';
import { type FaultName, faults, isExclusive, isFaultName } from './faults.ts';
import type { Journal, JournalQuery } from './journal.ts';
import { type AccessTokenInput, accessTokenSchema, mintAccessToken } from './logto/access-tokens.ts';
import type { LogtoMock } from './logto/server.ts';
import { type PresetName, presetNames, presets } from './logto/sign-in/presets.ts';
import { type ArmedFault, armedFaultSchema, type IssuerChaosInput, issuerChaosSchema } from './occasions.ts';
import { createPeople, type PersonChange, personChangeSchema, personSchema } from './people.ts';
import type { Scopes } from './scope.ts';
import { type ChaosInput, chaosSchema } from './twilio/chaos.ts';
import type { TwilioMock } from './twilio/server.ts';

export interface ControlContext {
  scopes: Scopes;
  clock: Clock;
  journal: Journal;
  issuer: LogtoMock;
  /** The second issuer, where there is one. */
  second?: LogtoMock;
  carrier: TwilioMock;
}

export interface ControlRoute {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path with `:name` parameters. */
  path: string;
  summary: string;
  body?: z.ZodType;
  query?: z.ZodObject;
  /** @returns the answer, sent as JSON */
  run(input: { params: Record<string, string>; body: never; query: never }): Promise<unknown> | unknown;
}

export const faultName = z
  .string()
  .refine(isFaultName, { error: (issue) => `there is no fault "${issue.input}"` })
  .describe('name of a fault, such as id-token/expired');
const scopeBody = z.strictObject({
  label: z.string().optional().describe('what opened the scope'),
  willArm: z
    .array(faultName)
    .optional()
    .describe('faults that will be armed; discovery and jwks ones make the lease exclusive'),
  leaseMs: z.number().positive().optional().describe('milliseconds after which the scope closes by itself'),
});
const clockBody = z.strictObject({ seconds: z.number().min(0).describe('seconds to move forward') });
const journalQuery = z.object({
  scope: z.string().optional(),
  since: z.coerce.number().optional().describe('only entries after this position'),
  endpoint: z.string().optional().describe('authorize, token, userinfo, jwks, discovery, messages …'),
  to: z.enum(['browser', 'app', 'issuer', 'carrier', 'harness']).optional(),
  tenant: z.enum(['first', 'second']).optional().describe('which issuer, where there are two'),
  view: z
    .enum(['servers'])
    .optional()
    .describe('exchanges of servers whole, and of browsers only which ones a fault changed'),
  waitMs: z.coerce.number().max(60_000).optional().describe('wait this long for the first entry that fits'),
});
const inboxQuery = z.object({
  to: z.string().describe('phone number'),
  since: z.string().optional().describe('ISO 8601; only messages at or after it'),
  waitMs: z.coerce.number().max(60_000).default(5000),
});
export const applicationBody = z.looseObject({
  secret: z.string().optional(),
  redirectUris: z.array(z.string()).optional(),
  postLogoutRedirectUris: z.array(z.string()).optional(),
  backchannelLogoutUri: z.string().optional(),
  customClientMetadata: z.record(z.string(), z.unknown()).optional(),
});
const closeQuery = z.object({
  health: z
    .enum(['shown', 'kept', 'unknown'])
    .optional()
    .describe('a healthy sign-in came last (shown), or nothing went wrong (kept)'),
});
const experienceBody = z.strictObject({
  signInExperience: z
    .union([z.enum(presetNames), z.record(z.string(), z.unknown())])
    .describe('name of a preset, or the members that are to be other than they are'),
});
/** People that are shown at once. */
const PEOPLE_MAX = 100;
const phoneBody = z.strictObject({ phone: z.string() });

/** What is not whole is not handed out as if it were: 410 Gone (RFC 9110 §15.5.11). */
const refused = (message: string) => Object.assign(new Error(message), { statusCode: 422 });
const gone = (message: string) => Object.assign(new Error(message), { statusCode: 410 });

/** All routes that answer JSON; the journal's stream is beside them in `control.ts`. */
export function controlRoutes({ scopes, clock, journal, issuer, carrier }: ControlContext): ControlRoute[] {
  const people = createPeople(issuer.context);
  const route = <Body = unknown, Query = unknown>(
    definition: Omit<ControlRoute, 'run'> & {
      run(input: { params: Record<string, string>; body: Body; query: Query }): Promise<unknown> | unknown;
    },
  ): ControlRoute => definition as ControlRoute;
  const id = (params: Record<string, string>) => params.id as string;

  return [
    route({
      method: 'GET',
      path: '/state',
      summary: 'Where the mocks listen, and which scopes are open',
      run: () => ({
        issuer: issuer.issuer,
        issuerOrigin: issuer.origin,
        carrierOrigin: carrier.origin,
        twilio: carrier.credentials(),
        scopes: scopes.all(),
        journal: journal.position,
      }),
    }),
    route({
      method: 'GET',
      path: '/echo',
      summary: 'Answers at once: how long that takes tells how slow this machine is',
      run: () => ({}),
    }),
    route({
      method: 'GET',
      path: '/faults',
      summary: 'Every fault with what it does',
      run: () =>
        Object.entries(faults).map(([name, { title }]) => ({
          name,
          title,
          exclusive: isExclusive(name as FaultName),
        })),
    }),
    route<z.infer<typeof scopeBody>>({
      method: 'POST',
      path: '/scopes',
      summary: 'Open a scope; waits until its lease is granted',
      body: scopeBody,
      run: ({ body }) => scopes.open(body as never),
    }),
    route<unknown, z.infer<typeof closeQuery>>({
      method: 'DELETE',
      path: '/scopes/:id',
      summary: 'Close a scope',
      query: closeQuery,
      run: ({ params, query }) => ({ closed: scopes.close(id(params), query.health) }),
    }),
    route<ArmedFault[]>({
      method: 'PUT',
      path: '/scopes/:id/faults',
      summary:
        'Arm exactly these faults, each always or at some answers of its stage only; an empty list heals the mocks',
      body: z.array(armedFaultSchema),
      run({ params, body }) {
        scopes.arm(id(params), body);
        return { armed: scopes.get(id(params))?.faults ?? [] };
      },
    }),
    route<z.infer<typeof clockBody>>({
      method: 'POST',
      path: '/scopes/:id/clock',
      summary: 'Move the clock of a scope forward: its codes, tokens and sessions grow older',
      body: clockBody,
      run({ params, body }) {
        clock.advance(body.seconds, id(params));
        return { now: clock.now(id(params)) };
      },
    }),
    route<z.infer<typeof clockBody>>({
      method: 'POST',
      path: '/clock',
      summary: 'Move the clock of everybody forward',
      body: clockBody,
      run({ body }) {
        clock.advance(body.seconds);
        return { now: clock.now() };
      },
    }),
    route<unknown, z.infer<typeof journalQuery>>({
      method: 'GET',
      path: '/journal',
      summary: 'What the mocks saw, redacted; 410 when some of what a scope or a position asks for has left',
      query: journalQuery,
      async run({ query: { waitMs, ...wanted } }) {
        if (waitMs) await journal.waitFor(wanted as JournalQuery, waitMs);
        const missing = journal.missing(wanted as JournalQuery);
        if (missing) throw gone(missing);
        return journal.query(wanted as JournalQuery);
      },
    }),
    route<unknown, { since: number }>({
      method: 'GET',
      path: '/issued',
      summary:
        'What the mocks gave out and whose it is, from a position on: true values, for the harness alone',
      query: z.object({ since: z.coerce.number().int().min(0).default(0) }),
      run: ({ query }) => journal.issued.since(query.since),
    }),
    route({
      method: 'GET',
      path: '/usage-types',
      summary: 'What Logto asked its connectors to send, by usage type, and in whose scope',
      run: () => issuer.context.sent.rows(),
    }),
    route({
      method: 'GET',
      path: '/people',
      summary: 'Whom Logto knows: how many, and the first hundred',
      run: () => {
        const { users } = issuer.context.tenant;
        const people = users.findMany(undefined, { take: PEOPLE_MAX });
        return {
          total: users.count(),
          people: people.map(({ id, name, username, primaryPhone, primaryEmail, roles, isSuspended }) => ({
            id,
            name,
            username,
            phone: primaryPhone && `+${primaryPhone}`,
            email: primaryEmail,
            roles,
            suspended: isSuspended,
          })),
        };
      },
    }),
    route<{ scope: string }>({
      method: 'POST',
      path: '/logout-tokens/again',
      summary: 'Send the last logout token of a scope to the app once more, as it was',
      body: z.strictObject({ scope: z.string() }),
      run: async ({ body }) => ({ status: (await issuer.sendLogoutTokenAgain(body.scope)) ?? null }),
    }),
    route<AccessTokenInput>({
      method: 'POST',
      path: '/access-tokens',
      summary: 'Make an access token for an API resource, a good one or one that no API may take',
      body: accessTokenSchema,
      run: async ({ body }) => ({ token: await mintAccessToken(issuer.context, body) }),
    }),
    route<z.input<typeof personSchema>, { scope?: string }>({
      method: 'POST',
      path: '/people',
      summary: 'Make up a person with a phone number of their own, and what the sign-in experience asks for',
      query: z.object({ scope: z.string().optional().describe('whose sign-in experience counts') }),
      body: personSchema,
      run: ({ body, query }) => people.add(body, query.scope),
    }),
    route<PersonChange>({
      method: 'PATCH',
      path: '/people/:phone',
      summary: 'Change what Logto says about a person from the next sign-in on',
      body: personChangeSchema,
      run: ({ params, body }) => people.change(params.phone as string, body),
    }),
    route<{ to?: string }>({
      method: 'PUT',
      path: '/people/:phone/phone',
      summary: 'Give a person another phone number, as the Account API does: they stay who they are',
      body: z.strictObject({ to: personSchema.shape.phone }),
      run: ({ params, body }) => people.changePhone(params.phone as string, body.to),
    }),
    route({
      method: 'POST',
      path: '/people/spare-phone',
      summary: 'A phone number that nobody has',
      run: () => ({ phone: people.spare() }),
    }),
    route({
      method: 'GET',
      path: '/people/:phone',
      summary: 'User id of whoever has a phone number, or null',
      run: ({ params }) => ({ userId: people.idOf(params.phone as string) ?? null }),
    }),
    route({
      method: 'DELETE',
      path: '/people/:phone',
      summary: 'Delete the account of a person at Logto; their number may be given to somebody else',
      async run({ params }) {
        await people.remove(params.phone as string);
        return { removed: true };
      },
    }),
    route<z.infer<typeof applicationBody>>({
      method: 'PUT',
      path: '/applications/:id',
      summary: 'Add an application, or change the one with this id',
      body: applicationBody,
      run: ({ params, body }) => issuer.putApplication({ id: id(params), ...body } as never),
    }),
    route<object>({
      method: 'PATCH',
      path: '/sign-in-experience',
      summary: 'Change the sign-in experience',
      body: z.looseObject({}),
      run: ({ body }) => Object.assign(issuer.context.tenant.signInExperience, body),
    }),
    route<z.infer<typeof experienceBody>>({
      method: 'PUT',
      path: '/scopes/:id/sign-in-experience',
      summary:
        'Let people of a scope meet another sign-in experience: a preset, or the JSON of PATCH /api/sign-in-exp, with its rules',
      body: experienceBody,
      run: ({ params, body: { signInExperience: wanted } }) =>
        issuer.context
          .changeExperience(typeof wanted === 'string' ? presets[wanted as PresetName] : wanted, id(params))
          .catch((error: Error) => {
            throw Object.assign(error, { statusCode: 400 });
          }),
    }),
    route({
      method: 'POST',
      path: '/keys/rotate/:type',
      summary: 'Rotate the signing key to EC or RSA; the old one stays listed',
      async run({ params }) {
        await issuer.context.rotateSigningKey(z.enum(['EC', 'RSA']).parse(params.type));
        return { rotated: params.type };
      },
    }),
    route({
      method: 'POST',
      path: '/keys/retire',
      summary: 'Take every key but the signing one out of the JWKS',
      async run() {
        await issuer.context.retireSigningKeys();
        return { keys: issuer.context.signingKeys.length };
      },
    }),
    route<z.infer<typeof phoneBody>>({
      method: 'PUT',
      path: '/scopes/:id/phone',
      summary: 'Remember that a phone number belongs to a scope: apps that send codes of their own name none',
      body: phoneBody,
      run({ params, body }) {
        scopes.bind('phone', body.phone, id(params));
        return { bound: true };
      },
    }),
    route<z.infer<typeof phoneBody>>({
      method: 'POST',
      path: '/scopes/:id/connector-test',
      summary: "Send Logto's connector test message: code 000000 with the Generic template",
      body: phoneBody,
      async run({ params, body }) {
        const to = body.phone.replace(/\D/g, '');
        try {
          await issuer.context.sms.send({
            to,
            type: 'Generic',
            payload: { code: '000000' },
            scope: id(params),
          });
        } catch (error) {
          throw refused(`the connector did not send: ${(error as Error).message}`);
        }
        return { sent: true };
      },
    }),
    route<unknown, z.infer<typeof inboxQuery>>({
      method: 'GET',
      path: '/inbox',
      summary: 'The next message to a number since a time, as soon as it arrives',
      query: inboxQuery,
      run: ({ query: { to, since, waitMs } }) =>
        carrier.inbox
          .waitFor({ to, since, limitMs: waitMs })
          .catch((error: Error & { statusCode?: number }) => {
            throw Object.assign(error, { statusCode: error.statusCode ?? 408 });
          }),
    }),
    route<unknown, { to?: string }>({
      method: 'GET',
      path: '/inbox/messages',
      summary: 'All messages, or those to one number; 410 when some of these have left',
      query: z.object({ to: z.string().optional(), since: z.string().optional() }),
      run({ query }) {
        const missing = query.to === undefined ? undefined : carrier.inbox.missing(query.to);
        if (missing) throw gone(missing);
        return carrier.inbox.list(query);
      },
    }),
    route<ChaosInput>({
      method: 'PUT',
      path: '/chaos',
      summary:
        'Let a percentage of all messages meet a fault of the carrier, the same ones for the same seed',
      body: chaosSchema,
      run: ({ body }) => carrier.setChaos(body),
    }),
    route({
      method: 'DELETE',
      path: '/chaos',
      summary: 'End the chaos',
      run() {
        carrier.setChaos(null);
        return { ended: true };
      },
    }),
    route<IssuerChaosInput>({
      method: 'PUT',
      path: '/issuer/chaos',
      summary: 'Let a percentage of all answers of the issuer meet a fault, the same ones for the same seed',
      body: issuerChaosSchema,
      run: ({ body }) => scopes.chaos.set(body),
    }),
    route({
      method: 'DELETE',
      path: '/issuer/chaos',
      summary: 'End the chaos of the issuer',
      run() {
        scopes.chaos.set(null);
        return { ended: true };
      },
    }),
    route({
      method: 'POST',
      path: '/reset',
      summary: 'Close all scopes, empty journal and inbox, end the chaos, set the clock back',
      run() {
        scopes.reset();
        clock.reset();
        journal.reset();
        carrier.reset();
        return { reset: true };
      },
    }),
  ];
}
