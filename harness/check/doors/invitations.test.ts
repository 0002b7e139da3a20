import { expect, it } from 'vitest';
import { isInvitation } from './invitations.ts';

it.each(['/join/inv_2G72jzxoPhDL', '/en/invite/01J9ZK3T7Q2M', '/s/shared/Xk29fLmQpa?from=mail'])(
  '%s is given away',
  (path) => expect(isInvitation(path)).toBe(true),
);
it.each(['/orders/01J9ZK3T7Q2M', '/join', '/join/us', '/invitations/pending-list', '/invite/12'])(
  '%s is not',
  (path) => expect(isInvitation(path)).toBe(false),
);
