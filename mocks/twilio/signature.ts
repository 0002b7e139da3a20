/** X-Twilio-Signature (https://www.twilio.com/docs/usage/security#validating-requests). */
import { createHmac } from 'node:crypto';

/**
 * Base64 of the HMAC-SHA1 over the address as configured, followed by each parameter's name and value, sorted by name.
 *
 * @param authToken token of the account, also when its request came with an API key
 * @param url with its query, without its fragment
 */
export function signCallback(authToken: string, url: string, parameters: Record<string, string>): string {
  const text = Object.keys(parameters)
    .sort()
    .reduce((soFar, name) => soFar + name + parameters[name], url);
  return createHmac('sha1', authToken).update(Buffer.from(text, 'utf8')).digest('base64');
}
