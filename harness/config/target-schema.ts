/** What the config says of the app and of its other provider. */
import { z } from 'zod';

export const DEFAULT_CLIENT_ID = 'conformance-app';

/** A time limit of the config. */
export const seconds = z.number().positive();
/** A TCP port; 0 takes a free one. */
export const port = z.number().int().min(0).max(65535);

/** The app under test: how it is started and reached. */
export const targetSchema = z.strictObject({
  name: z.string().optional().describe('name of the app in reports (default: the name of its folder)'),
  url: z
    .string()
    .url()
    .optional()
    .describe(
      'origin of an app that already runs, such as http://localhost:3000; next to a command, what the app is called by: https://localhost:0 takes a free port',
    ),
  command: z
    .string()
    .optional()
    .describe('command that starts the app; it gets PORT, AUTH_SECRET and AUTH_LOGTO_* in its environment'),
  prepare: z.string().optional().describe('command that builds the app, run before it is started'),
  cwd: z.string().optional().describe('folder the commands run in (default: the folder of the config file)'),
  env: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      'more environment variables for the app; {issuer}, {issuerOrigin}, {clientId}, {clientSecret}, {secondIssuer}, {secondClientId}, {secondClientSecret}, {api}, {secret}, {origin} and {port} are filled in',
    ),
  port: z.number().int().min(0).max(65535).default(0).describe('port the app listens on; 0 takes a free one'),
  image: z
    .strictObject({
      name: z.string().describe('image name'),
      port: z
        .number()
        .int()
        .min(0)
        .max(65535)
        .describe('port the app listens on; 0 takes a free one, which the app finds in PORT'),
    })
    .optional()
    .describe('container image that holds the app'),
  https: z
    .boolean()
    .default(false)
    .describe(
      'the app listens by http and is called by https, as behind the proxy of its production: one of ours is put in front (X-Forwarded-Proto)',
    ),
  ca: z
    .string()
    .optional()
    .describe(
      'PEM file of the authority that signed the certificate of an https app; without it, localhost may have any and others one of a known authority',
    ),
  basePath: z
    .string()
    .startsWith('/')
    .optional()
    .describe('path of the Auth.js endpoints (default: found by asking /providers)'),
  provider: z.string().default('logto').describe('id of the OIDC provider in the app'),
  issuer: z
    .string()
    .url()
    .optional()
    .describe('issuer that is hard-coded in the app; its origin is re-routed to the mock'),
  clientId: z.string().min(1).default(DEFAULT_CLIENT_ID).describe('client id that the app uses'),
  clientSecret: z
    .string()
    .min(1)
    .default('conformance-client-secret-0000001')
    .describe('client secret that the app uses'),
  thirdParty: z
    .boolean()
    .default(false)
    .describe('the app is a third-party application at Logto, where people are asked for their consent'),
  framework: z.string().optional().describe('framework, for the report'),
  authFile: z.string().optional().describe('file that configures Auth.js, for the report'),
  readyTimeout: seconds.default(60).describe('seconds the app may take to answer'),
});

/** Another provider of the app, which the second issuer plays. */
export const secondSchema = z.strictObject({
  id: z
    .string()
    .min(1)
    .describe(
      'id of another OpenID Connect provider of the app, which the second issuer plays; it gets AUTH_<ID>_ISSUER, _ID and _SECRET in its environment',
    ),
  issuer: z
    .string()
    .url()
    .optional()
    .describe(
      'issuer of that provider when it is hard-coded in the app or in Auth.js (Google); its origin is re-routed to the mock',
    ),
  clientId: z.string().min(1).default('conformance-second').describe('client id that the app uses there'),
  clientSecret: z
    .string()
    .min(1)
    .default('conformance-second-secret-00001')
    .describe('client secret that the app uses there'),
});
