/** Routes of the control server that steer the second issuer; there are none without one. */
import { z } from 'zod';
import { type ArmedFault, armedFaultSchema } from '../occasions.ts';
import { createPeople, FICTIONAL_PHONES, personSchema } from '../people.ts';
import { applicationBody } from './issuer-routes.ts';
import type { ControlContext, ControlRoute } from './route.ts';

/** Half of the numbers for fiction: two issuers never give one phone to two people. */
const FIRST_PHONE = FICTIONAL_PHONES / 2;

export function secondRoutes({ scopes, second }: Pick<ControlContext, 'scopes' | 'second'>): ControlRoute[] {
  if (!second) return [];
  const people = createPeople(second.context, FIRST_PHONE);
  return [
    {
      method: 'POST',
      path: '/second/people',
      summary: 'Make up a person at the second issuer',
      body: personSchema,
      run: ({ body }) => people.add(body as z.infer<typeof personSchema>),
    },
    {
      method: 'PUT',
      path: '/second/applications/:id',
      summary: 'Add an application at the second issuer, or change the one with this id',
      body: applicationBody,
      run: ({ params, body }) => second.putApplication({ id: params.id, ...(body as object) } as never),
    },
    {
      method: 'PUT',
      path: '/second/scopes/:id/faults',
      summary: 'Let the second issuer do exactly this wrong; an empty list heals it',
      body: z.array(armedFaultSchema),
      run({ params, body }) {
        scopes.arm(params.id as string, body as ArmedFault[], 'second');
        return { armed: scopes.get(params.id)?.secondFaults ?? [] };
      },
    },
  ];
}
