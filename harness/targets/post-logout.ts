/**
 * Where Logto may send people back to after a sign-out.
 *
 * @param signedOut paths that are registered, by the config; without it every page of the app counts, as only the tenant knows
 */
export const postLogoutAddresses = (origin: string, signedOut?: readonly string[]): string[] =>
  signedOut
    ? signedOut.flatMap((path) => (path === '/' ? [`${origin}/`, origin] : [`${origin}${path}`]))
    : [`${origin}/`, origin, `${origin}/*`];
