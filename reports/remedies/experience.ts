/** Remedies of what an app makes of sign-in experiences, second factors and new sign-ins. */
import type { Remedy } from './remedy.ts';

export const experience: readonly Remedy[] = [
  {
    key: 'profile/what-people-lack',
    cause: 'the app counts on a name, an address or a number that not everybody has',
    option: 'providers.profile',
    fix: 'Take what is there and nothing else: every claim but sub may be null. Ask for no phone or e-mail in callbacks.signIn and in the schema of the database, make no address up, and let pages have words for a person without a name.',
    before:
      'email: profile.email ?? `${profile.sub}@users.example`,\nname: `${profile.given_name} ${profile.family_name}`,',
    after: 'email: profile.email,\nname: profile.name ?? profile.username,',
    checks: [
      'experience/phone-only',
      'experience/email-only',
      'experience/username-only',
      'experience/no-empty-words',
      'mfa/bound-at-sign-up',
    ],
  },
  {
    key: 'profile/same-person',
    cause: 'people who come back, or come by another way, are refused or taken for others',
    option: 'callbacks.signIn',
    fix: 'Know people by account.providerAccountId (the sub) alone, let whoever is known in as whoever is new, and leave sign-in and sign-out to the actions of Auth.js.',
    before: 'signIn: ({ profile }) => !known.has(profile.sub),',
    after: '// no callbacks.signIn: Logto has decided who may come in',
    checks: ['experience/*', 'mfa/bound-at-sign-up'],
  },
  {
    key: 'checks/lifetime',
    cause: 'the app forgets too soon, or too late, that a sign-in was begun',
    option: 'cookies.pkceCodeVerifier.options.maxAge',
    fix: 'Leave the cookies of PKCE, state and nonce to {library}, which keeps them for fifteen minutes: two codes of ten minutes each may be entered in that time. Open a session in the callback alone, and let a browser begin as many sign-ins as it likes.',
    before: 'cookies: { pkceCodeVerifier: { options: { maxAge: 180 } } },',
    after: '// no cookies.pkceCodeVerifier: the defaults of Auth.js are right',
    checks: ['mfa/second-factor', 'mfa/slow-person', 'mfa/left-half-way'],
  },
  {
    key: 'step-up',
    cause: 'a new sign-in is asked for, or believed, in the wrong way',
    option: 'callbacks.jwt',
    fix: 'Ask with prompt=login and max_age, keep auth_time of the ID token in callbacks.jwt, and open the path only while it is there, new enough, and of the same sub. Neither the way back nor an address says that somebody has signed in again.',
    before: 'jwt: ({ token, account }) => (account ? { ...token, confirmedAt: Date.now() } : token),',
    after:
      "await signIn('logto', { redirectTo: '/transfer' }, { prompt: 'login', max_age: '300' });\njwt: ({ token, account, profile }) => (account ? { ...token, authTime: profile.auth_time } : token),",
    checks: ['step-up/*'],
  },
];
