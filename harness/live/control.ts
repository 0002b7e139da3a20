/** The control server of a run against a real issuer: what checks may still ask of their lab, and what not. */
import { z } from 'zod';
import type { ControlRoute } from '../../mocks/index.ts';
import type { Journal, JournalQuery } from '../../mocks/journal.ts';
import { type ArmedFault, armedFaultSchema } from '../../mocks/occasions.ts';
import { personSchema } from '../../mocks/people.ts';
import { HEALTH_AT_CLOSE, type HealthAtClose, type Scopes } from '../../mocks/scope.ts';
import type { TwilioMock } from '../../mocks/twilio/server.ts';
import { Blocked, ConformanceError } from '../errors.ts';
import { type Ability, isBrowserFault, NotAble } from './abilities.ts';
import type { CodeSource } from './codes/source.ts';
import type { LivePeople } from './people.ts';

export interface LiveControl {
  people: LivePeople;
  source: CodeSource;
  /** Sends Logto's connector test message; there where that reaches nobody. */
  testConnector?(phone: string): Promise<void>;
}

const inboxQuery = z.object({
  to: z.string(),
  since: z.string().optional(),
  waitMs: z.coerce.number().max(600_000).default(5000),
});

/** Errors lose their class on the way to a check: what was blocked says so in words. */
const inWords = (error: unknown): unknown =>
  error instanceof Blocked
    ? Object.assign(new Error(`Blocked: ${error.message}`), { statusCode: 409 })
    : error;

/**
 * A tenant has limits of its own for names and pictures: what it does not take says nothing of the app. What kept
 * somebody from being signed in there is told by name, as errors lose their class on the way to a check.
 */
const refusedProfile = (error: unknown): unknown =>
  error instanceof Blocked
    ? inWords(error)
    : error instanceof ConformanceError && error.parts.code === 'CONF_MANAGEMENT'
      ? new NotAble('profiles', `the tenant takes no account with such a profile: ${error.parts.what}`)
      : error;

/**
 * Routes in the place of those of the mocks.
 *
 * @param live what there is; read when a check asks, because it is built after the server listens
 */
export function liveControlRoutes(
  { carrier, journal, scopes }: { carrier: TwilioMock; journal: Journal; scopes: Scopes },
  live: () => LiveControl,
): ControlRoute[] {
  const route = (definition: ControlRoute): ControlRoute => definition;
  const never = (method: ControlRoute['method'], path: string, ability: Ability): ControlRoute => ({
    method,
    path,
    summary: 'Not before a real issuer',
    run() {
      throw new NotAble(ability);
    },
  });
  const demandNoId = ({ id: wanted }: z.infer<typeof personSchema>) => {
    if (wanted !== undefined) throw new NotAble('given-ids');
  };
  const id = (params: Record<string, string>) => params.id as string;
  const sweep = async () => {
    const open = new Set(scopes.all().map((scope) => scope.id));
    for (const scope of taken) {
      if (open.has(scope)) continue;
      taken.delete(scope);
      await live().people.release(scope);
    }
  };
  const taken = new Set<string>();

  return [
    route({
      method: 'POST',
      path: '/people',
      summary: 'Hand out a person of the tenant, for as long as the scope is open',
      body: personSchema,
      query: z.object({ scope: z.string().default('') }),
      async run({ body, query }) {
        const { scope } = query as { scope: string };
        demandNoId(body);
        await sweep();
        if (scope) taken.add(scope);
        const person = await live()
          .people.acquire(scope, body)
          .catch((error: unknown) => {
            throw refusedProfile(error);
          });
        scopes.bind('phone', person.phone, scope || undefined);
        return person;
      },
    }),
    route({
      method: 'PATCH',
      path: '/people/:phone',
      summary: 'Change an account that was made for a check',
      body: personSchema,
      run({ params, body }) {
        demandNoId(body);
        return live().people.change(params.phone as string, body);
      },
    }),
    route({
      method: 'DELETE',
      path: '/people/:phone',
      summary: 'Remove an account that was made for a check',
      async run({ params }) {
        await live().people.remove(params.phone as string);
        return { removed: true };
      },
    }),
    route({
      method: 'PUT',
      path: '/people/:phone/session',
      summary: "Keep the cookies that Logto gave a person's browser",
      body: z.array(z.string()),
      run({ params, body }) {
        live().people.keepSession(params.phone as string, body as string[]);
        return { kept: true };
      },
    }),
    route({
      method: 'DELETE',
      path: '/scopes/:id',
      summary: 'Close a scope; its people are free again',
      query: z.object({ health: z.enum(HEALTH_AT_CLOSE).optional() }),
      async run({ params, query }) {
        const closed = scopes.close(id(params), (query as { health?: HealthAtClose }).health);
        taken.delete(id(params));
        await live().people.release(id(params));
        return { closed };
      },
    }),
    route({
      method: 'GET',
      path: '/scopes/:id/faults',
      summary: 'The faults that the browser of a scope makes as it carries the authorization response',
      run: ({ params }) => scopes.get(id(params))?.faults ?? [],
    }),
    route({
      method: 'PUT',
      path: '/scopes/:id/faults',
      summary: 'Arm faults that a browser can make',
      body: z.array(armedFaultSchema),
      run({ params, body }) {
        const names = body as ArmedFault[];
        if (!names.every((name) => typeof name === 'string' && isBrowserFault(name)))
          throw new NotAble('faults');
        scopes.arm(id(params), names as never);
        return { armed: names };
      },
    }),
    route({
      method: 'GET',
      path: '/journal',
      summary: 'Requests of our own to the tenant, redacted; what the app asks of it is not seen',
      query: z.object({
        scope: z.string().optional(),
        since: z.coerce.number().optional(),
        endpoint: z.string().optional(),
      }),
      run({ query }) {
        const wanted = query as JournalQuery;
        if (wanted.endpoint) throw new NotAble('server-requests');
        return journal.query(wanted);
      },
    }),
    route({
      method: 'GET',
      path: '/inbox',
      summary: 'The next message to a number since a time, as soon as it arrives',
      query: inboxQuery,
      async run({ query }) {
        const { to, since = new Date(0).toISOString(), waitMs } = query as z.infer<typeof inboxQuery>;
        const stop = new AbortController();
        const arrived = carrier.inbox.waitFor({ to, since, limitMs: waitMs, signal: stop.signal });
        const { source } = live();
        // What the source finds arrives; what goes wrong with it ends the wait at once.
        const failed = source.fetch?.({ to, since, limitMs: waitMs }).then(
          () => arrived,
          (error: Error) => {
            stop.abort();
            throw inWords(error);
          },
        );
        return await Promise.race([arrived, ...(failed ? [failed] : [])]).catch(
          (error: Error & { statusCode?: number }) => {
            throw Object.assign(error, { statusCode: error.statusCode ?? 408 });
          },
        );
      },
    }),
    route({
      method: 'GET',
      path: '/inbox/messages',
      summary: 'Messages to a number since it was given to the check that holds it',
      query: z.object({ to: z.string().optional(), since: z.string().optional() }),
      run({ query }) {
        const { to, since } = query as { to?: string; since?: string };
        return carrier.inbox.list({ to, since: since ?? (to && live().people.heldSince(to)) });
      },
    }),
    route({
      method: 'POST',
      path: '/scopes/:id/connector-test',
      summary: "Send Logto's connector test message",
      body: z.strictObject({ phone: z.string() }),
      async run({ body }) {
        const { testConnector } = live();
        if (!testConnector) throw new NotAble('connector-test');
        await testConnector((body as { phone: string }).phone);
        return { sent: true };
      },
    }),
    never('POST', '/scopes/:id/clock', 'clock'),
    never('POST', '/clock', 'clock'),
    never('PUT', '/applications/:id', 'faults'),
    never('PATCH', '/sign-in-experience', 'sign-in-experience'),
    never('PUT', '/scopes/:id/sign-in-experience', 'sign-in-experience'),
    never('POST', '/keys/rotate/:type', 'faults'),
    never('POST', '/keys/retire', 'faults'),
    never('PUT', '/chaos', 'faults'),
    never('PUT', '/issuer/chaos', 'faults'),
    never('PUT', '/second/scopes/:id/faults', 'faults'),
    never('POST', '/second/people', 'faults'),
  ];
}
