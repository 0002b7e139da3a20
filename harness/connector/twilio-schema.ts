/** The Twilio config as a JSON schema for editors, generated from one description of its members. */
import { z } from 'zod';
import { REST_HOSTS } from '../../mocks/twilio/hosts.ts';
import { REQUIRED_TYPES, USAGE_TYPES } from './usage-types.ts';

/** Where the generated file lies, relative to this one. */
export const SCHEMA_FILE = 'twilio-config.schema.json';

const template = z
  .object({
    usageType: z
      .enum(USAGE_TYPES)
      .describe('when Logto sends the text; types without a template of their own take Generic'),
    content: z
      .string()
      .min(1)
      .regex(/\{\{\s*code\s*\}\}/)
      .max(1600)
      .describe(
        'the text, with {{code}} where the code belongs; up to 160 characters of GSM-7 are one message',
      ),
  })
  .describe('the text of one kind of message');

/** Stricter than the connector's own guard: what Twilio demands of the values is in it, too. */
export const twilioConfigSchema = z
  .object({
    $schema: z.string().optional().describe('this schema, for editors; Logto drops it'),
    accountSID: z
      .string()
      .regex(/^AC[0-9a-fA-F]{32}$/)
      .describe('Account SID: AC and 32 hex digits, from the start page of the Twilio console'),
    authToken: z
      .string()
      .regex(/^\S{32}$/)
      .describe('Auth Token of the account: 32 hex digits, from the start page of the Twilio console'),
    fromMessagingServiceSID: z
      .string()
      .regex(/^MG[0-9a-fA-F]{32}$/)
      .describe('SID of the Messaging Service that sends: MG and 32 hex digits'),
    host: z
      .enum(REST_HOSTS as [string, ...string[]])
      .optional()
      .describe(
        'host of a region, such as api.dublin.ie1.twilio.com, for connectors whose guard knows the key',
      ),
    disableRiskCheck: z
      .boolean()
      .optional()
      .describe("turns Twilio's protection against SMS pumping off (default: on)"),
    templates: z
      .array(template)
      .min(REQUIRED_TYPES.length)
      .describe(`the texts; ${REQUIRED_TYPES.join(', ')} are required`),
  })
  .describe("config of Logto's connector @logto/connector-twilio-sms");

/** The schema, with the demand for each required usage type, which zod cannot say. */
export function twilioJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(twilioConfigSchema, { target: 'draft-7' }) as unknown as {
    properties: { templates: Record<string, unknown> };
  } & Record<string, unknown>;
  schema.title = 'Twilio SMS connector of Logto';
  schema.properties.templates.allOf = REQUIRED_TYPES.map((usageType) => ({
    contains: { type: 'object', properties: { usageType: { const: usageType } }, required: ['usageType'] },
  }));
  return schema;
}

/** The content of the generated file. */
export const schemaText = (): string => `${JSON.stringify(twilioJsonSchema(), null, 2)}\n`;
