/** Paths of an app that has an API, organizations and an account of its own: what the config says of them. */
import { z } from 'zod';

/** Stands in a path for the id of an organization. */
export const ORGANIZATION_IN_PATH = '{organization}';

const path = z.string().startsWith('/');

export const callSchema = z.strictObject({
  path: path.describe(
    'page or path of the app for which it calls an API; {organization} stands for the id of an organization, whose token it then shows',
  ),
  resource: z
    .url()
    .optional()
    .describe(
      'resource indicator of the API that it calls; without one it shows a token of the organization itself',
    ),
  scopes: z.array(z.string()).min(1).describe('permissions that the API demands there'),
});

export const bearerSchema = z.strictObject({
  path: path.describe(
    'path of the API of the app; {organization} stands for the id of an organization, whose members alone get in',
  ),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET').describe('how it is asked'),
  resource: z
    .url()
    .optional()
    .describe('resource indicator of the API; without one it takes tokens of the organization itself'),
  scope: z.string().describe('permission that it demands'),
});

export const phoneStepSchema = z.strictObject({
  path: path.describe('path of the app that is posted to'),
  fields: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      'fields of the form: {phone} is the new number, {newCode} the code sent to it, {currentCode} the one sent to the present number, or to the address of somebody who has none, {password} the password of somebody who has neither',
    ),
});

export const formStepSchema = z.strictObject({
  path: path.describe('page of the app that asks for it'),
  fields: z
    .record(z.string(), z.string())
    .default({})
    .describe('what a new person fills in, by the names of the fields'),
  type: z
    .enum(['form', 'json'])
    .default('form')
    .describe(
      'form: by the form of the page that has these fields, hidden ones included; json: posted to the path as JSON',
    ),
});

export type FormStep = z.output<typeof formStepSchema>;
export type Call = z.output<typeof callSchema>;
export type Bearer = z.output<typeof bearerSchema>;
export type PhoneStep = z.output<typeof phoneStepSchema>;

/** Whether a path is one for each organization. */
export const isOfOrganization = ({ path: at }: { path: string }): boolean =>
  at.includes(ORGANIZATION_IN_PATH);

/** A path of one organization. */
export const pathIn = (at: string, organization: string): string =>
  at.replaceAll(ORGANIZATION_IN_PATH, encodeURIComponent(organization));
