/** What the config says of a real Logto. */
import { z } from 'zod';
import { port } from './target-schema.ts';

/** Judging an app against a real Logto (docs/live.md). Credentials have no place here: they come from the environment. */
export const liveSchema = z.strictObject({
  issuer: z
    .union([z.literal('container'), z.url()])
    .optional()
    .describe(
      'issuer of a real Logto, such as https://tenant.logto.app/oidc: the app is judged against it; container starts one',
    ),
  codeFrom: z
    .string()
    .min(1)
    .default('capture')
    .describe(
      'where one-time codes come from: capture (Logto posts them to us by its http-sms connector), twilio (the message list of your account), prompt, or a command that prints the message',
    ),
  capture: z
    .strictObject({
      port: port.default(3390).describe('port of the capture endpoint'),
      host: z.string().default('127.0.0.1').describe('address that the capture endpoint binds to'),
      url: z.string().url().optional().describe('a capture endpoint that runs already (capture serve)'),
      cert: z.string().optional().describe('PEM file with the certificate of the capture endpoint'),
      key: z.string().optional().describe('PEM file with the key of that certificate'),
    })
    .default({ port: 3390, host: '127.0.0.1' })
    .describe('where the http-sms connector of Logto posts to'),
  people: z
    .string()
    .optional()
    .describe('file of people and numbers that may be used, JSON or one number a line'),
  allowSignUp: z
    .boolean()
    .default(false)
    .describe('accounts may be created at the tenant; without it nobody is signed up'),
  pace: z
    .number()
    .positive()
    .optional()
    .describe('requests a second that the app gets at most, browser pages apart'),
  twilio: z
    .string()
    .url()
    .default('https://api.twilio.com')
    .describe("origin of Twilio's API, or of its region, whose list of messages is read"),
  managementIssuer: z
    .string()
    .url()
    .optional()
    .describe('issuer that gives tokens for the Management API (default: that of the tenant)'),
  managementApi: z
    .string()
    .url()
    .optional()
    .describe('resource indicator of the Management API (default: by the host of the issuer)'),
});
