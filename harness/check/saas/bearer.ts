/** The API of the app, asked with access tokens that were made to order. */
import { test } from '@playwright/test';
import type { ControlClient } from '../../../mocks/client.ts';
import type { AccessTokenInput } from '../../../mocks/logto/access-tokens.ts';
import { type Bearer, isOfOrganization, pathIn } from '../../config/saas-pages.ts';
import { demand } from '../../errors.ts';
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Answer } from '../../user-agents/http.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import type { CheckFixtures, LabFixtures } from '../check.ts';
import { newMember } from '../doors/walk-around.ts';
import { endAs, notJudged } from '../not-judged.ts';
import { newOrganization } from './calls.ts';

type Lab = { lab: LabDescription; control: ControlClient };

const NONE = 'the config names no API path of the app that takes access tokens (pages.bearer)';

/**
 * The API paths that the config declares. An app without any has no API of its own that it told of: not applicable, unless it
 * is seen to use an API resource.
 */
export function bearerPaths({ config, usage, given }: LabDescription): Bearer[] {
  const { bearer } = config.pages;
  if (bearer.length > 0) return bearer;
  if (usage?.seen.resource && !given?.includes('pages.bearer'))
    return notJudged(NONE, 'name them there, or write an empty list where the API is another app');
  return endAs(test.info(), 'not applicable', NONE);
}

/** Whether an app is seen, or said, to be used by organizations. */
export const hasOrganizations = ({ config, usage }: Pick<LabDescription, 'config' | 'usage'>): boolean =>
  usage?.seen.organizations ||
  config.features.includes('organizations') ||
  Object.keys(config.tenant?.organizationRoles ?? {}).length > 0;

/** What a token must say to open a path. */
export const goodToken = (
  { resource, scope, ...path }: Bearer,
  organization: string,
  clientId: string,
): AccessTokenInput => ({
  audience: resource ?? `urn:logto:organization:${organization}`,
  scope,
  clientId,
  ...(resource && isOfOrganization(path) && { organization }),
});

/**
 * Asks a path of the API.
 *
 * @param change what the token says otherwise; `authorization` is sent as it is, in the place of a token
 */
export async function opens(
  stranger: Visitor,
  path: Bearer,
  { lab, control }: Lab,
  change: { authorization?: string } | Partial<AccessTokenInput> = {},
  organization = newOrganization(),
): Promise<Answer> {
  const authorization =
    'authorization' in change
      ? change.authorization
      : `Bearer ${await control.accessToken({
          ...goodToken(path, organization, lab.config.target.clientId),
          ...(change as Partial<AccessTokenInput>),
        })}`;
  return stranger.agent.hop(new URL(pathIn(path.path, organization), lab.app.origin), {
    method: path.method,
    headers: { accept: 'application/json', ...(authorization && { authorization }) },
  });
}

type Body = Pick<CheckFixtures & LabFixtures, 'visitor' | 'somebody' | 'lab' | 'control' | 'step'>;

/**
 * Whose the tokens for each path are: nobody's in particular, or where the API knows its people alone (it answers what belongs to
 * whoever the token names), those of somebody who has signed in at the app.
 *
 * @throws ConformanceFailure when a path is opened by neither
 */
export async function subjectsOf(
  paths: readonly Bearer[],
  { visitor, somebody, lab, control }: Omit<Body, 'step'>,
): Promise<ReadonlyMap<Bearer, { subject?: string }>> {
  const stranger = await visitor();
  const found = new Map<Bearer, { subject?: string }>();
  let subject: string | undefined;
  for (const path of paths) {
    const { status } = await opens(stranger, path, { lab, control });
    if (status >= 300) {
      subject ??= (await newMember({ visitor, somebody, lab })).person.userId ?? '';
      const again = await opens(stranger, path, { lab, control }, { subject });
      demand(
        again.status < 300,
        `Answered ${path.path} with ${status} to a good token, and with ${again.status} to one of somebody who had just signed in.`,
      );
    }
    found.set(path, status < 300 ? {} : { subject: subject ?? '' });
  }
  return found;
}

/** One way in which a token is no good. */
export interface Variant {
  /** Reads after "an access token". */
  what: string;
  /** Paths of organizations alone have to do with it. */
  onlyOrganizations?: true;
  /** What the tokens say otherwise than a good one. */
  of(path: Bearer, organization: string): Partial<AccessTokenInput>[];
}

/** No path of the API is opened by these tokens; each is by a good one, before and after. */
export async function refusesAll(
  { visitor, somebody, lab, control, step }: Body,
  { what, onlyOrganizations, of }: Variant,
): Promise<void> {
  const paths = bearerPaths(lab).filter((path) => !onlyOrganizations || isOfOrganization(path));
  if (paths.length === 0) {
    if (!hasOrganizations(lab))
      endAs(test.info(), 'not applicable', 'the app has nothing to do with organizations');
    notJudged(
      'the config names no API path of an organization that takes access tokens (pages.bearer)',
      'name one with {organization} in its path',
    );
  }
  const stranger = await visitor();
  const subjects = await step(
    'control',
    () => subjectsOf(paths, { visitor, somebody, lab, control }),
    () => 'A good token opens it.',
  );
  const isOpen = async () => {
    for (const path of paths) {
      const { status } = await opens(stranger, path, { lab, control }, subjects.get(path));
      demand(status < 300, `Answered ${path.path} with ${status} to a good token.`);
    }
  };
  await step(
    'fault',
    async () => {
      for (const path of paths) {
        const organization = newOrganization();
        for (const change of of(path, organization)) {
          const said = { ...subjects.get(path), ...change };
          const { status } = await opens(stranger, path, { lab, control }, said, organization);
          const told = Object.entries(change)
            .map(([name, value]) => `${name} ${value === undefined || value === '' ? 'missing' : value}`)
            .join(', ');
          demand(
            status >= 300,
            `Answered ${path.method} ${path.path} with ${status} to an access token ${what} (${told}).`,
          );
        }
      }
    },
    () => `Refused every access token ${what}.`,
  );
  await step('recovery', isOpen, () => 'A good token opens it.');
}
