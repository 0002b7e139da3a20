/** Accounts of a real tenant by its Management API: made for a check, changed by it, removed at the end. */
import type { Person, PersonInput } from '../../mocks/people.ts';
import type { Management } from './management.ts';

const digits = (phone: string) => phone.replace(/\D/g, '');

/** Columns of a user as the Management API names them (recordings 742, 770). */
const columns = ({ name, username, email, picture }: PersonInput) => ({
  ...(name !== undefined && { name }),
  ...(username !== undefined && { username }),
  ...(email !== undefined && { primaryEmail: email }),
  ...(picture !== undefined && { avatar: picture }),
});

/** An empty text clears a column; null does as well, where the type of the column allows it (recording 771). */
const withoutUndefined = (row: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined && value !== null));

export function tenantAccounts(management: Management) {
  return {
    async create(person: Person): Promise<{ id: string }> {
      const { customData } = person;
      const { body } = await management.call<{ id: string }>('POST', '/api/users', {
        json: { primaryPhone: digits(person.phone), ...withoutUndefined(columns(person)) },
      });
      if (customData)
        await management.call('PATCH', `/api/users/${body.id}/custom-data`, { json: { customData } });
      if (person.suspended)
        await management.call('PATCH', `/api/users/${body.id}/is-suspended`, { json: { isSuspended: true } });
      return { id: body.id };
    },
    async change(id: string, change: PersonInput): Promise<void> {
      const json = columns(change);
      if (Object.keys(json).length > 0) await management.call('PATCH', `/api/users/${id}`, { json });
      if (change.suspended !== undefined)
        await management.call('PATCH', `/api/users/${id}/is-suspended`, {
          json: { isSuspended: change.suspended },
        });
    },
    async idOf(phone: string): Promise<string | undefined> {
      const query = new URLSearchParams({
        'search.primaryPhone': digits(phone),
        'mode.primaryPhone': 'exact',
      });
      const { body } = await management.call<{ id: string }[]>('GET', `/api/users?${query}`);
      return body.length === 1 ? body[0]?.id : undefined;
    },
  };
}
export type TenantAccounts = ReturnType<typeof tenantAccounts>;
