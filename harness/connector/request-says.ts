/** What stands in a request that a connector made: whose number, which code, which text of the config. */
import type { Template } from './analysis.ts';
import type { Sent } from './attempt.ts';
import { fillIn, HANDLEBARS } from './placeholder.ts';
import type { UsageType } from './usage-types.ts';

/** Country codes after which a carrier may want the rest of a number in a field of its own. */
const COUNTRY = /^(?:\+|00)?(?:49|DE)$/i;

/** How a number is written in a request. */
export function numberIn(request: Sent, to: string): { path: string; format: string } | undefined {
  const apart = request.fields.some(({ value }) => COUNTRY.test(value));
  const formats: [string, string][] = [
    [`+${to}`, 'E.164 with +'],
    [to, 'digits without +'],
    [`00${to}`, 'digits after 00'],
    [to.replace(apart ? /^(?:1|86|49)/ : /^(?:1|86)/, ''), 'national'],
  ];
  for (const [written, format] of formats) {
    const field = request.fields.find(({ value }) => value.replace(/[\s()-]/g, '') === written);
    if (field) return { path: field.path, format };
  }
  return undefined;
}

/** The field that holds a code, among whatever other words. */
export const fieldOfCode = (request: Sent, code: string) =>
  request.fields.find(({ value }) => value.includes(code));

/** Logto invites people to organizations by e-mail alone, with a link: a text for that need not hold a code. */
export const carriesNoCode = (type: UsageType, own: Template | undefined): boolean =>
  type === 'OrganizationInvitation' &&
  own?.content !== undefined &&
  ![...own.content.matchAll(HANDLEBARS)].some(({ 1: key }) => key === 'code');

/** The usage type of another template, when its text was sent word for word and the one of the type itself was not. */
export function typeWhoseTextIsIn(
  request: Sent,
  payload: Record<string, string>,
  own: Template | undefined,
  templates: readonly Template[],
): string | undefined {
  if (own?.content === undefined) return undefined;
  const filled = (text: string) => fillIn(text, payload).trim();
  const values = request.fields.map(({ value }) => value.trim());
  const meant = filled(own.content);
  if (values.some((value) => value.includes(meant))) return undefined;
  return templates.find(
    ({ content, usageType }) =>
      usageType !== own.usageType && content !== undefined && values.includes(filled(content)),
  )?.usageType;
}
