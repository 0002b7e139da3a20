/** The one config schema. File, environment variables and flags are three faces of it; see `load-config.ts`. */
import { z } from 'zod';
import { tenantSchema } from '../../mocks/logto/furnish.ts';
import { type PresetName, presetNames } from '../../mocks/logto/sign-in/presets.ts';
import { defaultProfile, profileNames } from '../../reports/profiles.ts';
import { liveSchema } from './live-schema.ts';
import { bearerSchema, callSchema, formStepSchema, phoneStepSchema } from './saas-pages.ts';
import { secondSchema, seconds, targetSchema } from './target-schema.ts';

/**
 * What an app may claim to do. Where the smoke sign-in shows it, the wire decides which checks apply, and a claim that
 * differs is told (`harness/lab/usage.ts`); where no exchange shows it, the claim decides.
 */
export const features = {
  'phone-claim': 'puts the phone number of the person into the session',
  state: 'sends state in the authorization request',
  nonce: 'sends nonce in the authorization request',
  userinfo: 'reads the profile from the userinfo endpoint',
  'refresh-token': 'asks for offline access and refreshes access tokens',
  'rp-logout': "ends Logto's own session when the person signs out",
  'backchannel-logout': 'receives back-channel logout tokens',
  'database-session': 'keeps sessions in a database',
  'single-session': 'ends the sessions of a person whenever that person signs in anew, as its policy',
  'own-otp': 'sends one-time codes of its own through Twilio',
  'token-in-session': 'hands an access token to its client code on purpose',
  organizations: 'reads from Logto which organizations the person is a member of',
  'api-resource': 'calls an API with access tokens that Logto gives for it',
  'account-api': "changes the phone number of the person through Logto's Account API",
} as const;
export type Feature = keyof typeof features;

export { DEFAULT_CLIENT_ID } from './target-schema.ts';

export const configSchema = z.strictObject({
  target: targetSchema.describe('the app under test'),
  providers: z
    .strictObject({
      second: secondSchema.optional().describe('a provider next to Logto'),
    })
    .default({})
    .describe('further providers of the app that are played, for the checks of two issuers'),
  live: liveSchema
    .default({
      codeFrom: 'capture',
      capture: { port: 3390, host: '127.0.0.1' },
      allowSignUp: false,
      twilio: 'https://api.twilio.com',
    })
    .describe('judging against a real Logto'),
  features: z
    .array(z.enum(Object.keys(features) as [Feature, ...Feature[]]))
    .default([])
    .describe(
      'what the app claims to do; state, nonce, userinfo, refresh tokens and sign-out at Logto are read from its smoke sign-in, and a claim that differs is told',
    ),
  also: z
    .union([z.string().min(1), z.record(z.string(), z.unknown())])
    .optional()
    .describe(
      'a second app at the same tenant, for the checks of single sign-on: its config file, or its config',
    ),
  tenant: tenantSchema
    .optional()
    .describe('what the Logto tenant of the app holds: API resources, roles, the organization template'),
  scopes: z.array(z.string()).optional().describe('scopes that the app must ask for, next to openid'),
  profile: z
    .record(z.string(), z.union([z.string(), z.array(z.string())]))
    .default({ name: ['name', 'username'], email: 'email', image: 'picture' })
    .describe('session user field → claim, or claims in order of fallback'),
  session: z
    .strictObject({
      cookie: z.string().optional().describe('name of the session cookie, when it is not the one of Auth.js'),
      fields: z
        .array(z.string())
        .default([])
        .describe(
          'further members of the session JSON; one that holds a token needs the feature token-in-session as well',
        ),
      maxAge: seconds
        .optional()
        .describe('declared lifetime of a session in seconds (default: 30 days, as Auth.js)'),
      rolling: z
        .boolean()
        .optional()
        .describe('whether each use of a session prolongs it, as the app declares (not judged by default)'),
    })
    .default({ fields: [] })
    .describe('what the app declares about its session'),
  pages: z
    .strictObject({
      home: z.string().default('/').describe('page with the sign-in and sign-out buttons'),
      signIn: z
        .string()
        .optional()
        .describe(
          'path of the page with the sign-in button (default: home), a selector of the button, or a module with a function that presses it',
        ),
      signOut: z
        .string()
        .optional()
        .describe(
          'path of the page with the sign-out button (default: home), a selector of the button, or a module with a function that presses it',
        ),
      protected: z
        .array(z.string())
        .default([])
        .describe('pages that need a session; an empty list says that there are none'),
      api: z
        .array(z.string())
        .default([])
        .describe('API paths that need a session; an empty list says that there are none'),
      paths: z
        .array(z.string().regex(/^(?:POST )?\//, 'a path, as /export, or POST and a path'))
        .optional()
        .describe(
          'other paths that the app answers, as /api/export, and POST /api/hooks/logto for those that take posts: where its sources tell none, or are not at hand; an empty list says that there are no others',
        ),
      sockets: z
        .array(z.string().startsWith('/'))
        .optional()
        .describe('paths of WebSockets that need a session; an empty list says that all are for everybody'),
      directories: z
        .array(z.string().regex(/^\/./, 'a path below /, as /people'))
        .default([])
        .describe(
          'pages and API paths, with what is below them, on which members are meant to find data of each other, such as a phone directory',
        ),
      profiles: z
        .array(z.string().regex(/^\/.*[^/]$/, 'a path below /, as /makers'))
        .default([])
        .describe(
          'paths below which each member has a page that names them to everybody, such as /makers for /makers/ada-7f2',
        ),
      endSession: z
        .string()
        .optional()
        .describe("path that ends Logto's own session, too (feature rp-logout)"),
      signedOut: z
        .array(z.string().startsWith('/'))
        .optional()
        .describe(
          'paths that are registered at Logto as post sign-out redirect URIs (default: every page of the app counts as registered)',
        ),
      calls: z
        .array(callSchema)
        .default([])
        .describe('where the app calls an API with access tokens (features api-resource, organizations)'),
      bearer: z
        .array(bearerSchema)
        .default([])
        .describe('API paths of the app that take access tokens of Logto'),
      changePhone: z
        .array(phoneStepSchema)
        .default([])
        .describe('forms, in order, by which a person changes their phone number (feature account-api)'),
      linkPhone: z
        .array(phoneStepSchema)
        .default([])
        .describe(
          'forms, in order, by which a person who has no phone number links a first one (feature account-api); an empty list says that nobody does',
        ),
      onboarding: z
        .array(formStepSchema)
        .default([])
        .describe(
          'forms, in order, that the app wants from every new person before it lets them in; sent after each sign-in that is led there',
        ),
      backChannelLogout: z
        .string()
        .optional()
        .describe('path that takes logout tokens (feature backchannel-logout)'),
      stepUp: z
        .string()
        .startsWith('/')
        .optional()
        .describe('path that wants people to sign in again, however long their session lasts'),
      ownOtp: z
        .strictObject({
          send: z.string().startsWith('/').describe('path that sends a code'),
          verify: z
            .string()
            .startsWith('/')
            .describe('path that takes the code and signs in, such as /auth/callback/credentials'),
          phoneField: z.string().default('phone').describe('field with the phone number'),
          codeField: z.string().default('code').describe('field with the code'),
          type: z.enum(['form', 'json']).default('form').describe('how both paths take their fields'),
          lifetime: seconds.default(600).describe('seconds a code is good for'),
          tries: z.number().int().positive().default(10).describe('wrong codes that are taken for one code'),
          sends: z
            .number()
            .int()
            .positive()
            .default(10)
            .describe('codes that one number may ask for in a row'),
        })
        .optional()
        .describe('where the app sends and takes codes of its own (feature own-otp)'),
    })
    .default({
      home: '/',
      protected: [],
      api: [],
      directories: [],
      profiles: [],
      calls: [],
      bearer: [],
      changePhone: [],
      linkPhone: [],
      onboarding: [],
    })
    .describe('paths of the app'),
  signInExperience: z
    .union([z.string().min(1), z.record(z.string(), z.unknown())])
    .default('phone-code')
    .describe(
      `how people get in at Logto: ${presetNames.join(', ')}; or the JSON that Logto's console sends to PATCH /api/sign-in-exp, as an object or a file`,
    ),
  experiences: z
    .array(z.enum(['all', ...presetNames]))
    .default([])
    .describe('sign-in experiences that suite experience judges beside the one of the run: presets, or all'),
  emailConnector: z
    .union([
      z.literal('none'),
      z.strictObject({
        package: z
          .string()
          .default('@logto/connector-http-email')
          .describe('e-mail connector package or path'),
        config: z
          .union([z.string(), z.record(z.string(), z.unknown())])
          .optional()
          .describe('its config: a JSON file or an object (default: a service that is answered by the mock)'),
      }),
    ])
    .optional()
    .describe(
      'the e-mail connector of the tenant, or none (default: one is made up where a sign-in experience of the run sends e-mail)',
    ),
  connector: z
    .strictObject({
      package: z.string().default('@logto/connector-twilio-sms').describe('connector package or path'),
      config: z
        .union([z.string(), z.record(z.string(), z.unknown())])
        .optional()
        .describe('connector config: a JSON file or an object (default: a good Twilio config)'),
    })
    .default({ package: '@logto/connector-twilio-sms' })
    .describe('the SMS connector and its config'),
  browser: z.string().optional().describe('path of a Chromium executable, or "none"'),
  workers: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('checks run side by side (default: 2; more help where the app has processors of its own)'),
  timeout: seconds.default(30).describe('seconds one check may take'),
  certification: z
    .strictObject({
      profile: z
        .enum(profileNames() as [string, ...string[]])
        .default(defaultProfile())
        .describe(
          'profile: the named set of checks that counts for "conformant"; others run, and are not scored',
        ),
    })
    .default({ profile: defaultProfile() })
    .describe('what the app is certified for'),
  strict: z
    .boolean()
    .default(false)
    .describe('a broken "should" fails, too, and what could not be judged stands in the way'),
  out: z.string().default('conformance-results').describe('folder of the reports'),
  reporters: z.array(z.string()).default(['json', 'junit', 'html']).describe('reports to write'),
  knownFailures: z.string().optional().describe('file of known failures'),
  checks: z.array(z.string()).default([]).describe('globs of own checks'),
  ports: z
    .strictObject({
      issuer: z.number().int().default(0),
      second: z.number().int().default(0),
      carrier: z.number().int().default(0),
      control: z.number().int().default(0),
      api: z.number().int().default(0),
    })
    .default({ issuer: 0, second: 0, carrier: 0, control: 0, api: 0 })
    .describe('ports of the mocks; 0 takes a free one'),
});

export type ConfigInput = z.input<typeof configSchema>;
export type Config = z.output<typeof configSchema>;

/** Presets that suite `experience` judges beside the sign-in experience of the run. */
export const judgedPresets = ({ experiences }: Pick<Config, 'experiences'>): readonly PresetName[] =>
  experiences.includes('all') ? presetNames : presetNames.filter((name) => experiences.includes(name));

/** Types a config file: `export default defineConfig({ … })`. */
export const defineConfig = (config: ConfigInput): ConfigInput => config;
