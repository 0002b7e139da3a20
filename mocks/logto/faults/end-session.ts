/** Faults of the end-session endpoint (OpenID Connect RP-Initiated Logout 1.0). */
import type { Fault, HttpAnswer } from '../../fault.ts';
import { hanging, resetting, status } from './answers.ts';

export const endSessionFaults = {
  'end-session/status-500': {
    title: 'answers the sign-out with 500',
    distort: status(500, { message: 'Internal server error.' }),
  },
  'end-session/status-400': {
    title: 'refuses the sign-out',
    distort: status(400, {
      error: 'invalid_request',
      error_description: 'post_logout_redirect_uri not registered',
    }),
  },
  'end-session/hang': { title: 'never answers the sign-out', distort: hanging },
  'end-session/reset': { title: 'resets the connection of the sign-out', distort: resetting },
} satisfies Record<`end-session/${string}`, Fault<HttpAnswer>>;
