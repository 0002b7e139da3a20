/** Faults of the connection, named by the endpoint they hit: the answer never comes, breaks off, or drips. */
import type { Fault, HttpAnswer } from '../../fault.ts';
import { dripped, hanging, resetting } from './answers.ts';

export const transportFaults = {
  'transport/token-hang': { title: 'never answers the token request', distort: hanging },
  'transport/token-reset': { title: 'resets the connection of the token request', distort: resetting },
  'transport/token-slow': { title: 'takes more than a second for the token answer', distort: dripped(1300) },
  'transport/userinfo-hang': { title: 'never answers userinfo', distort: hanging },
  'transport/userinfo-reset': { title: 'resets the connection of userinfo', distort: resetting },
  'transport/userinfo-slow': { title: 'takes more than a second for userinfo', distort: dripped(1300) },
} satisfies Record<`transport/${string}`, Fault<HttpAnswer>>;
