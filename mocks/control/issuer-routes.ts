/** The issuer: applications, keys, sign-in experience, tokens, chaos. */
import { z } from 'zod';
import { type AccessTokenInput, accessTokenSchema, mintAccessToken } from '../logto/access-tokens.ts';
import { type PresetName, presetNames, presets } from '../logto/sign-in/presets.ts';
import { type IssuerChaosInput, issuerChaosSchema } from '../occasions.ts';
import { type ControlContext, type ControlRoute, id, route } from './route.ts';

export const applicationBody = z.looseObject({
  secret: z.string().optional(),
  redirectUris: z.array(z.string()).optional(),
  postLogoutRedirectUris: z.array(z.string()).optional(),
  backchannelLogoutUri: z.string().optional(),
  customClientMetadata: z.record(z.string(), z.unknown()).optional(),
});
const experienceBody = z.strictObject({
  signInExperience: z
    .union([z.enum(presetNames), z.record(z.string(), z.unknown())])
    .describe('name of a preset, or the members that are to be other than they are'),
});

export const issuerRoutes = ({ scopes, issuer }: ControlContext): ControlRoute[] => [
  route<{ scope: string }>({
    method: 'POST',
    path: '/logout-tokens/again',
    summary: 'Send the last logout token of a scope to the app once more, as it was',
    body: z.strictObject({ scope: z.string() }),
    run: async ({ body }) => ({ status: (await issuer.sendLogoutTokenAgain(body.scope)) ?? null }),
  }),
  route<AccessTokenInput>({
    method: 'POST',
    path: '/access-tokens',
    summary: 'Make an access token for an API resource, a good one or one that no API may take',
    body: accessTokenSchema,
    run: async ({ body }) => ({ token: await mintAccessToken(issuer.context, body) }),
  }),
  route<z.infer<typeof applicationBody>>({
    method: 'PUT',
    path: '/applications/:id',
    summary: 'Add an application, or change the one with this id',
    body: applicationBody,
    run: ({ params, body }) => issuer.putApplication({ id: id(params), ...body } as never),
  }),
  route<object>({
    method: 'PATCH',
    path: '/sign-in-experience',
    summary: 'Change the sign-in experience',
    body: z.looseObject({}),
    run: ({ body }) => Object.assign(issuer.context.tenant.signInExperience, body),
  }),
  route<z.infer<typeof experienceBody>>({
    method: 'PUT',
    path: '/scopes/:id/sign-in-experience',
    summary:
      'Let people of a scope meet another sign-in experience: a preset, or the JSON of PATCH /api/sign-in-exp, with its rules',
    body: experienceBody,
    run: ({ params, body: { signInExperience: wanted } }) =>
      issuer.context
        .changeExperience(typeof wanted === 'string' ? presets[wanted as PresetName] : wanted, id(params))
        .catch((error: Error) => {
          throw Object.assign(error, { statusCode: 400 });
        }),
  }),
  route({
    method: 'POST',
    path: '/keys/rotate/:type',
    summary: 'Rotate the signing key to EC or RSA; the old one stays listed',
    async run({ params }) {
      await issuer.context.rotateSigningKey(z.enum(['EC', 'RSA']).parse(params.type));
      return { rotated: params.type };
    },
  }),
  route({
    method: 'POST',
    path: '/keys/retire',
    summary: 'Take every key but the signing one out of the JWKS',
    async run() {
      await issuer.context.retireSigningKeys();
      return { keys: issuer.context.signingKeys.length };
    },
  }),
  route<IssuerChaosInput>({
    method: 'PUT',
    path: '/issuer/chaos',
    summary: 'Let a percentage of all answers of the issuer meet a fault, the same ones for the same seed',
    body: issuerChaosSchema,
    run: ({ body }) => scopes.chaos.set(body),
  }),
  route({
    method: 'DELETE',
    path: '/issuer/chaos',
    summary: 'End the chaos of the issuer',
    run() {
      scopes.chaos.set(null);
      return { ended: true };
    },
  }),
];
