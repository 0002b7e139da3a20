/** People whom Logto knows. */
import { z } from 'zod';
import { createPeople, type PersonChange, personChangeSchema, personSchema } from '../people.ts';
import { type ControlContext, type ControlRoute, route } from './route.ts';

/** People that are shown at once. */
const PEOPLE_MAX = 100;

export function peopleRoutes({ issuer }: ControlContext): ControlRoute[] {
  const people = createPeople(issuer.context);
  return [
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
  ];
}
