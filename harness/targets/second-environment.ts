/** How an app learns of the second issuer. */
import type { Config } from '../config/config.ts';

/** Environment of the app by Auth.js' own names, `AUTH_<ID>_ISSUER`, `_ID` and `_SECRET` (facts: authjs.md §1). */
export function secondEnvironment(
  { second }: Config['providers'],
  issuer: string | undefined,
): Record<string, string> {
  if (!second || !issuer) return {};
  const name = `AUTH_${second.id.toUpperCase().replaceAll('-', '_')}`;
  return {
    [`${name}_ISSUER`]: issuer,
    [`${name}_ID`]: second.clientId,
    [`${name}_SECRET`]: second.clientSecret,
  };
}
