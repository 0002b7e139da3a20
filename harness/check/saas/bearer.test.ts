import { expect, it } from 'vitest';
import { hasOrganizations } from './bearer.ts';

type Given = Parameters<typeof hasOrganizations>[0];
const app = (config: object, seen = {}) =>
  ({ config: { features: [], ...config }, usage: { seen } }) as unknown as Given;

it('an API of single people is asked about no organization', () => {
  expect(hasOrganizations(app({ tenant: { resources: [], organizationRoles: {} } }))).toBe(false);
});

it('organizations are seen, claimed, or in the tenant', () => {
  expect(hasOrganizations(app({}, { organizations: true }))).toBe(true);
  expect(hasOrganizations(app({ features: ['organizations'] }))).toBe(true);
  expect(hasOrganizations(app({ tenant: { organizationRoles: { owner: {} } } }))).toBe(true);
});
