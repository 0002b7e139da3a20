/** Which weakness (CWE) a check finds when an app breaks its duty: one table, from the special to the general. */

/** Glob of ids → number of the weakness; the first that fits counts. */
const TABLE: readonly [globs: string, cwe: number][] = [
  // 79 cross-site scripting · 601 open redirect · 352 request forgery
  [
    'callback/error-not-reflected callback/token-error-not-reflected session/markup-escaped pages/markup-written',
    79,
  ],
  ['redirect/callback-url-* redirect/injected-redirect-uri sign-out/callback-url-own', 601],
  [
    'callback/state-* callback/other-browser callback/posted-by-another-site redirect/csrf-* redirect/get-* sign-out/csrf-* sign-out/get-* phone-otp/own-csrf doors/foreign-origin doors/written-by-link',
    352,
  ],
  // 347 signature · 345 authenticity · 346 origin · 294 replay · 613 expiry
  [
    'id-token/alg-* id-token/signature-* id-token/payload-* id-token/kid-* id-token/key-* id-token/crit-* id-token/garbage',
    347,
  ],
  [
    'sign-out/backchannel-alg-* sign-out/backchannel-wrong-alg sign-out/backchannel-rogue-key sign-out/backchannel-garbage',
    347,
  ],
  ['discovery/key-rotation discovery/jwks-*', 347],
  [
    'callback/iss-* callback/error-iss-* callback/of-another-provider discovery/issuer-* id-token/iss-* mix-up/*',
    346,
  ],
  ['sign-out/backchannel-wrong-iss discovery/iss-*', 346],
  ['discovery/endpoints-* callback/token-redirect', 918],
  [
    'callback/replayed callback/raced callback/one-token-request callback/code-injected id-token/nonce-*',
    294,
  ],
  ['phone-otp/own-code-reused phone-otp/own-code-raced sign-out/backchannel-replayed', 294],
  [
    'id-token/exp* id-token/iat-* id-token/nbf-* id-token/auth-time-* sign-out/backchannel-expired sign-out/backchannel-iat-*',
    613,
  ],
  ['id-token/sub-* id-token/email-unverified id-token/phone-unverified session/email-is-no-identity', 287],
  [
    'id-token/aud-* id-token/azp-* id-token/at-hash-* id-token/typ-* id-token/userinfo-sub-* session/refreshed-*',
    345,
  ],
  ['callback/id-token-* callback/access-token-* callback/token-type-* sign-out/backchannel-*', 345],
  [
    'redirect/pkce-without-* redirect/pkce redirect/pkce-s256 redirect/pkce-plain-* callback/verifier-sent',
    345,
  ],
  // 330 randomness · 472 parameters that a stranger sets · 348 headers that a stranger sets
  ['redirect/*-fresh phone-otp/own-code-strong', 330],
  ['redirect/injected-*', 472],
  ['redirect/host-forged redirect/forwarded-* sign-out/host-forged pages/links-by-request', 348],
  // 522 credentials · 532 logs · 598 addresses · 524, 525 caches · 209 messages
  ['laws/*-kept session/no-token redirect/no-secret-* session/check-cookies-* laws/no-password-grant', 522],
  ['logs/* connector/console-*', 532],
  ['laws/address-* laws/no-token-in-address laws/no-person-in-address connector/secret-in-address', 598],
  ['laws/personal-not-shared session/not-cached session/protected-not-shared', 524],
  ['session/no-store sign-out/back-button', 525],
  [
    'laws/no-stack-trace doors/no-stack-trace doors/broken-bodies connector/error-*-secret connector/error-no-secret',
    209,
  ],
  ['laws/keeps-running', 248],
  ['laws/no-foreign-origin', 942],
  ['laws/scopes-declared redirect/scope-* redirect/resource-* callback/resource-*', 272],
  ['laws/session-members-declared', 200],
  ['people/deleted-account', 613],
  ['people/claimed-contacts people/contacts-not-written', 345],
  ['people/made-once', 362],
  ['laws/people-apart session/two-people people/*', 488],
  // 614, 1004, 1275 cookies · 384 fixation · 565 cookies that are believed
  ['session/cookie-secure session/cookie-prefix session/cookie-host-only laws/session-cookie-*', 614],
  ['session/cookie-http-only', 1004],
  ['session/cookie-same-site', 1275],
  ['session/fixation session/new-each-time session/set-by-link', 384],
  ['session/secret-guessable', 1391],
  ['session/token-guessable', 340],
  ['pages/nosniff pages/content-security-policy', 693],
  ['pages/words-of-links', 451],
  ['session/cookie-* doors/cookie* doors/other-cookies', 565],
  // 862 authorization · 647 spellings · 639 other people · 650 methods · 290 claims of a header · 288 other ways in · 798 words in sources
  [
    'doors/other-member* doors/changed-by-others doors/read-by-others doors/posts-of-others doors/query-that-claims doors/headers-that-claim',
    639,
  ],
  [
    'doors/trailing-slash doors/upper-case doors/percent-* doors/doubled-* doors/dot-* doors/semicolon doors/backslash doors/odd-ends doors/suffixes doors/locale-* doors/query-noise',
    647,
  ],
  [
    'doors/post doors/posts-* doors/writes doors/written doors/methods doors/method-* doors/forms doors/server-actions',
    650,
  ],
  [
    'doors/forwarded-* doors/foreign-host doors/headers-* doors/original-url doors/middleware-* doors/crawler doors/prefetch',
    290,
  ],
  ['doors/words-of-its-sources', 798],
  ['doors/no-crash laws/no-crash', 248],
  ['doors/wrong-input', 20],
  ['doors/read-as-script', 346],
  ['doors/sockets-of-other-sites', 1385],
  ['doors/after-sign-out doors/kept-* sign-out/*', 613],
  ['doors/id-token-as-bearer doors/access-token-*', 345],
  ['doors/* session/protected-*', 862],
  ['ways-in/known-contacts', 204],
  ['ways-in/*', 288],
  // 304 a step that is left out · 306 no new sign-in where one is wanted
  ['mfa/left-half-way', 304],
  ['step-up/opens', 684],
  ['step-up/*', 306],
  ['pages/own-files', 552],
  ['pages/*', 1021],
  // 340 session tokens that are foretold · 693 headers · 308 one factor · 307 guesses · 799 frequency · 204 what can be told apart · 287 one-time codes
  ['phone-otp/own-code-tries phone-otp/own-tries-*', 307],
  ['phone-otp/own-pumping phone-otp/own-number-formats', 799],
  ['phone-otp/own-enumeration', 204],
  ['callback/no-sign-in-loop', 835],
  ['phone-otp/own-code-lifetime phone-otp/own-code-expires', 613],
  ['phone-otp/own-code-not-told', 522],
  ['phone-otp/own-sms-only', 308],
  ['phone-otp/own-code-*', 287],
  ['connector/tls', 319],
  // 863 permissions · 306 no proof at all · 613 sessions and tokens whose time is over · 287 who somebody is
  ['api/forged api/other-issuer api/other-resource', 345],
  [
    'api/expired api/token-in-time sso/sign-out-everywhere sso/back-channel organizations/role-taken-away',
    613,
  ],
  ['api/no-token', 306],
  ['api/resource-* api/scopes-* organizations/scopes-*', 272],
  ['api/without-scope api/other-organization organizations/stranger-refused', 863],
  ['api/roles-in-session organizations/none-is-none organizations/*-in-session', 863],
  ['api/token-of-the-person account/old-number sso/other-person', 488],
  ['account/wrong-code account/same-person sso/prompt-* sso/session-of-the-other', 287],
  // 755 what goes wrong elsewhere · 20 odd input · 613 sessions · 684 what was promised
  [
    'callback/code-* callback/empty callback/no-code callback/extra-parameters id-token/claims-* id-token/name-* id-token/email-*',
    20,
  ],
  ['callback/session callback/client-authentication callback/redirect-uri-repeated callback/refresh*', 684],
  [
    'callback/* discovery/* id-token/userinfo-* phone-otp/twilio-* phone-otp/own-twilio-* connector/error-* connector/wire-*',
    755,
  ],
  ['session/lifetime session/rolling session/refresh*', 613],
  [
    'id-token/* laws/* session/* redirect/* phone-otp/* connector/* experience/* mfa/* api/* organizations/* account/* sso/*',
    684,
  ],
];

const pattern = (glob: string) =>
  glob
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');

const RULES = TABLE.map(
  ([globs, cwe]) => [new RegExp(`^(?:${globs.split(' ').map(pattern).join('|')})$`), cwe] as const,
);

/** The number of the weakness; own checks of apps have none, unless their declaration says one. */
export const cweOf = (id: string): number | undefined => RULES.find(([rule]) => rule.test(id))?.[1];
