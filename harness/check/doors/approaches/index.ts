/** All approaches, by name: each is a check `doors/<name>`. */
import type { Approach } from '../approach.ts';
import { addresses } from './addresses.ts';
import { cookies } from './cookies.ts';
import { headers } from './headers.ts';
import { otherMembers } from './other-members.ts';
import { transports } from './transports.ts';

export const approaches: Record<string, Approach> = {
  ...cookies,
  ...headers,
  ...otherMembers,
  ...addresses,
  ...transports,
};
