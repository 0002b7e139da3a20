/** Faults of the userinfo endpoint's answer (OpenID Connect Core 1.0 §5.3). */
import type { Fault, HttpAnswer } from '../../fault.ts';
import { emptied, htmlPage, json, plainText, status, withBody } from './answers.ts';

const member = (changes: Record<string, unknown>) => (healthy: Readonly<HttpAnswer>) =>
  withBody(healthy, (body) => ({ ...body, ...changes }));

export const userinfoFaults = {
  'userinfo/status-500': {
    title: 'answers userinfo with 500',
    distort: status(500, { message: 'Internal server error.' }),
  },
  'userinfo/status-401': {
    title: 'refuses the access token at userinfo',
    distort: status(401, { error: 'invalid_token', error_description: 'invalid token provided' }),
  },
  'userinfo/sub-differs': {
    title: 'tells of another person at userinfo',
    distort: member({ sub: 'somebody-else', name: 'Somebody Else', username: 'somebody-else' }),
  },
  'userinfo/sub-missing': {
    title: 'leaves sub out of userinfo',
    distort: (healthy) =>
      withBody(healthy, (body) =>
        Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'sub')),
      ),
  },
  'userinfo/html': { title: 'answers userinfo with an HTML page', distort: htmlPage },
  'userinfo/empty': { title: 'answers userinfo with an empty body', distort: emptied },
  'userinfo/json-null': { title: 'answers userinfo with null', distort: json(null) },
  'userinfo/content-type-text': { title: 'sends userinfo as text/plain', distort: plainText },
} satisfies Record<`userinfo/${string}`, Fault<HttpAnswer>>;
