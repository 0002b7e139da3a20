/** The API of the app: which access tokens of Logto open it (RFC 9700 §4.10.2, Logto's guide for APIs). */
import { type CheckDeclaration, check } from '../harness/check/check.ts';
import { bearerPaths, opens, refusesAll, subjectsOf, type Variant } from '../harness/check/saas/bearer.ts';
import { demand } from '../harness/errors.ts';

const ELSEWHERE = 'https://another-api.conformance.test';

const fix =
  'Verify with jose: jwtVerify(token, createRemoteJWKSet(jwks), { issuer, audience }), then compare scope word by word, and organization_id with the path.';

check({
  id: 'api/takes-its-token',
  title: 'takes an access token that was made for its API, with the permission',
  clauses: ['logto validate-access-tokens'],
  level: 'must',
  severity: 'serious',
  uses: ['tenant'],
  signIn: 'none',
  appMust: 'Answer below 300 to a token of the right issuer, audience, organization and permission.',
  otherwise: 'Nobody can use the API.',
  fix,
})(async ({ visitor, somebody, lab, control }) => {
  await subjectsOf(bearerPaths(lab), { visitor, somebody, lab, control });
});

const refusing = {
  level: 'must',
  severity: 'critical',
  uses: ['tenant'],
  signIn: 'none',
  fix,
} satisfies Partial<CheckDeclaration>;

const otherResource: Variant = {
  what: 'made for another API',
  of: ({ resource }, organization) => [
    { audience: ELSEWHERE },
    // One that begins alike.
    { audience: resource ? `${resource}.conformance.test` : `urn:logto:organization:${organization}0` },
    ...(resource ? [{ audience: `urn:logto:organization:${organization}` }] : [{ audience: organization }]),
  ],
};

check({
  ...refusing,
  id: 'api/other-resource',
  title: 'takes no access token that was made for another API',
  clauses: ['logto validate-access-tokens', 'asvs 10.3.1', 'rfc9700 §4.10'],
  appMust: 'Compare aud with its own resource indicator, as a whole.',
  otherwise: 'Any other API that people use can act for them here.',
})(({ visitor, somebody, lab, control, step }) =>
  refusesAll({ visitor, somebody, lab, control, step }, otherResource),
);

check({
  ...refusing,
  id: 'api/without-scope',
  title: 'takes no access token without the permission',
  clauses: ['logto validate-access-tokens', 'asvs 10.3.2'],
  appMust: 'Look for the permission among the words of scope.',
  otherwise: 'Roles count for nothing: whoever can sign in may do everything.',
})(({ visitor, somebody, lab, control, step }) =>
  refusesAll(
    { visitor, somebody, lab, control, step },
    {
      what: 'without the permission',
      of: ({ scope }) => [
        { scope: '' },
        { scope: `${scope}.archive` },
        { scope: `no-${scope}` },
        { scope: 'openid profile' },
      ],
    },
  ),
);

check({
  ...refusing,
  id: 'api/other-organization',
  title: 'takes no access token of another organization, or of none, for an organization',
  clauses: ['logto validate-access-tokens', 'logto organization-resources', 'asvs 8.4.1'],
  appMust: 'Compare organization_id (or the organization in aud) with the one it is asked for.',
  otherwise: 'A member of one organization reads the data of all.',
})(({ visitor, somebody, lab, control, step }) =>
  refusesAll(
    { visitor, somebody, lab, control, step },
    {
      what: 'of another organization',
      onlyOrganizations: true,
      of: ({ resource }, organization) =>
        resource
          ? [{ organization: `${organization.slice(1)}x` }, { organization: undefined }, { organization: '' }]
          : [{ audience: `urn:logto:organization:${organization.slice(1)}x` }],
    },
  ),
);

check({
  ...refusing,
  id: 'api/forged',
  title: 'takes no access token that Logto did not sign',
  clauses: ['logto validate-access-tokens', 'asvs 10.3.2', 'rfc9700 §4.10'],
  appMust: 'Verify the signature by the keys of the issuer, whatever alg and kid the token names.',
  otherwise: 'Everybody writes their own token.',
})(({ visitor, somebody, lab, control, step }) =>
  refusesAll(
    { visitor, somebody, lab, control, step },
    {
      what: 'that Logto did not sign',
      of: () => [{ signedBy: 'rogue' }, { signedBy: 'nobody' }],
    },
  ),
);

check({
  ...refusing,
  id: 'api/other-issuer',
  title: 'takes no access token that names another issuer',
  clauses: ['logto validate-access-tokens', 'asvs 10.3.2'],
  appMust: 'Compare iss with its own issuer.',
  otherwise: 'A tenant that shares a key, or is re-pointed, speaks for this one.',
})(({ visitor, somebody, lab, control, step }) =>
  refusesAll(
    { visitor, somebody, lab, control, step },
    {
      what: 'of another issuer',
      of: () => [{ issuer: 'https://another-tenant.conformance.test/oidc' }],
    },
  ),
);

check({
  ...refusing,
  id: 'api/expired',
  title: 'takes no access token whose time is over',
  clauses: ['logto validate-access-tokens', 'asvs 10.3.2'],
  appMust: 'Look at exp.',
  otherwise: 'A token that leaked once opens the API for good.',
})(({ visitor, somebody, lab, control, step }) =>
  refusesAll(
    { visitor, somebody, lab, control, step },
    { what: 'whose time is over', of: () => [{ expiresIn: -3600 }, { expiresIn: -86_400 }] },
  ),
);

/** Authorization headers that hold no token of Logto; a header cannot be empty on the wire. */
const NO_TOKENS = [
  'Bearer',
  'Bearer x',
  'Bearer a.b.c',
  'Basic YTpi',
  `Bearer ${'A'.repeat(43)}`,
  'Bearer null',
];

check({
  ...refusing,
  id: 'api/no-token',
  title: 'opens its API to nobody without an access token',
  clauses: ['rfc6750 §3.1', 'logto validate-access-tokens'],
  appMust: 'Refuse a request without a token, and one whose header holds none.',
  otherwise: 'Anybody reads what the API has.',
})(async ({ visitor, somebody, lab, control, step }) => {
  const paths = bearerPaths(lab);
  const stranger = await visitor();
  await step('control', () => subjectsOf(paths, { visitor, somebody, lab, control }));
  for (const path of paths)
    for (const authorization of [undefined, ...NO_TOKENS]) {
      const { status } = await opens(stranger, path, { lab, control }, { authorization });
      demand(status >= 300, `Answered ${path.path} with ${status} to ${authorization ?? 'no token'}.`);
    }
});

check({
  id: 'api/challenge',
  title: 'answers 401 and says that it wants a bearer token',
  clauses: ['rfc6750 §3', 'rfc6750 §3.1'],
  level: 'should',
  severity: 'minor',
  uses: ['tenant'],
  signIn: 'none',
  appMust: 'Answer 401 with WWW-Authenticate: Bearer to a request without a good token, and never 5xx.',
  otherwise: 'Clients do not learn whether to get a new token, or to give up.',
  fix: 'Set the header with the status: \'WWW-Authenticate\': \'Bearer realm="api"\', with error="invalid_token" for a token that is no good.',
})(async ({ visitor, lab, control }) => {
  const paths = bearerPaths(lab);
  const stranger = await visitor();
  for (const path of paths)
    for (const authorization of [undefined, ...NO_TOKENS]) {
      const { status, headers } = await opens(stranger, path, { lab, control }, { authorization });
      const sent = authorization ?? 'no token';
      demand(status === 401, `Answered ${path.path} with ${status} to ${sent}.`);
      demand(
        /^Bearer\b/i.test(String(headers['www-authenticate'] ?? '')),
        `Answered ${path.path} to ${sent} without WWW-Authenticate: Bearer.`,
      );
    }
});
