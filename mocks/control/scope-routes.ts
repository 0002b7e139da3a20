/** Scopes with their faults and clocks, and the state of the mocks. */
import { z } from 'zod';
import { type FaultName, faults, isExclusive } from '../faults.ts';
import { type ArmedFault, armedFaultSchema } from '../occasions.ts';
import { HEALTH_AT_CLOSE } from '../scope.ts';
import { type ControlContext, type ControlRoute, faultName, id, route } from './route.ts';

const scopeBody = z.strictObject({
  label: z.string().optional().describe('what opened the scope'),
  willArm: z
    .array(faultName)
    .optional()
    .describe('faults that will be armed; discovery and jwks ones make the lease exclusive'),
  leaseMs: z.number().positive().optional().describe('milliseconds after which the scope closes by itself'),
});
const clockBody = z.strictObject({ seconds: z.number().min(0).describe('seconds to move forward') });
const closeQuery = z.object({
  health: z
    .enum(HEALTH_AT_CLOSE)
    .optional()
    .describe('a healthy sign-in came last (shown) or first (shown before), or nothing went wrong (kept)'),
});

export const scopeRoutes = ({ scopes, clock, journal, issuer, carrier }: ControlContext): ControlRoute[] => [
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
