/** Names of the issuer's endpoints in the journal, by the engine's route name. */
const NAMES: Record<string, string> = {
  authorization: 'authorize',
  resume: 'resume',
  token: 'token',
  userinfo: 'userinfo',
  jwks: 'jwks',
  discovery: 'discovery',
  introspection: 'introspection',
  revocation: 'revocation',
  pushed_authorization_request: 'par',
  end_session: 'end-session',
  end_session_confirm: 'end-session-confirm',
  end_session_success: 'end-session-success',
  device_authorization: 'device-authorization',
  code_verification: 'device',
  device_resume: 'device',
};

/** Endpoints that an app's server calls, not a person's browser. */
const SERVER_TO_SERVER = new Set([
  'token',
  'userinfo',
  'jwks',
  'discovery',
  'introspection',
  'revocation',
  'par',
  'device-authorization',
]);

/** @param route the engine's route name, such as `end_session` or `cors.token` */
export const endpointOf = (route: string | undefined): string =>
  route === undefined ? 'unknown' : (NAMES[route] ?? (route.startsWith('cors.') ? 'preflight' : route));

export const laneOf = (endpoint: string): 'app' | 'browser' =>
  SERVER_TO_SERVER.has(endpoint) ? 'app' : 'browser';
