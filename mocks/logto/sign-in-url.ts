/** Where Logto sends a browser that has to sign in (facts: core/src/oidc/utils.ts; recordings 163–174). */

/** `first_screen` values and the page each one opens. */
const SCREENS: Record<string, string> = {
  register: 'register',
  'identifier:register': 'identifier-register',
  'identifier:sign_in': 'identifier-sign-in',
  reset_password: 'reset-password',
  single_sign_on: 'single-sign-on',
};

/** Authorization parameters that are passed on to the page, in Logto's order. */
const PASSED_ON = ['organization_id', 'one_time_token', 'login_hint', 'identifier', 'ui_locales'];

/** Parameters beyond OAuth that Logto's authorization endpoint reads. */
export const extraParams = [
  'interaction_mode',
  'first_screen',
  'direct_sign_in',
  'organization_id',
  'one_time_token',
  'identifier',
];

/** @returns a path with query, such as `/sign-in?app_id=…` */
export function signInUrl(params: Record<string, unknown>, appId: string | undefined): string {
  const screen =
    SCREENS[String(params.first_screen)] ?? (params.interaction_mode === 'signUp' ? 'register' : 'sign-in');
  const query = new URLSearchParams(appId ? { app_id: appId } : {});
  for (const name of PASSED_ON) if (typeof params[name] === 'string') query.append(name, params[name]);
  const [method, target] = typeof params.direct_sign_in === 'string' ? params.direct_sign_in.split(':') : [];
  if (!method) return `/${screen}?${query}`;
  query.append('fallback', screen);
  return `/direct/${method}/${target ?? ''}?${query}`;
}

/** @returns the consent page's path with query */
export const consentUrl = (appId: string | undefined): string =>
  `/consent${appId ? `?${new URLSearchParams({ app_id: appId })}` : ''}`;
