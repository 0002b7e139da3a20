/** Faults of the end-session endpoint (OpenID Connect RP-Initiated Logout 1.0). */
import type { Fault, HttpAnswer } from '../../fault.ts';
import { hanging, resetting, status } from './answers.ts';

/** Changes the `state` that the way back to the client carries (OpenID Connect RP-Initiated Logout 1.0 §3). */
const returning =
  (change: (params: URLSearchParams) => void) =>
  (healthy: Readonly<HttpAnswer>): HttpAnswer => {
    const { location } = healthy.headers;
    if (!location || !URL.canParse(location)) return { ...healthy };
    const back = new URL(location);
    if (!back.searchParams.has('state')) return { ...healthy };
    change(back.searchParams);
    return { ...healthy, headers: { ...healthy.headers, location: back.href } };
  };

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
  'end-session/state-missing': {
    title: 'sends people back from the sign-out without the state',
    distort: returning((params) => params.delete('state')),
  },
  'end-session/state-wrong': {
    title: 'sends people back from the sign-out with another state',
    distort: returning((params) => params.set('state', 'a-state-that-nobody-sent')),
  },
  'end-session/reset': { title: 'resets the connection of the sign-out', distort: resetting },
} satisfies Record<`end-session/${string}`, Fault<HttpAnswer>>;
