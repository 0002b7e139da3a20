import { type IssuedRegister, issuedOf } from '../issued.ts';
import type { SignerOptions } from './sign-id-token.ts';
import type { Tenant } from './tenant.ts';
import { findById } from './users.ts';

/** What an ID token says of a person is theirs from then on, true or not. */
export const keepToldClaims =
  (tenant: Tenant, register: IssuedRegister): NonNullable<SignerOptions['told']> =>
  (sub, { phone_number: number, email, username, name, sub: id }) => {
    const owner = findById(tenant, sub)?.primaryPhone;
    if (!owner) return;
    const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
    const said = issuedOf({
      phone: text(number) ?? owner,
      userId: text(id),
      email: text(email),
      username: text(username),
      name: text(name),
    });
    for (const issued of said) register.add({ ...issued, owner });
  };
