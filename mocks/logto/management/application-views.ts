/** Applications and their secrets as the API shows them (recordings 028, 701, 720). */
import type { Application } from '../tenant.ts';

export const applicationView = (row: Application) => ({
  tenantId: 'default',
  id: row.id,
  name: row.name,
  description: row.description,
  type: row.type,
  oidcClientMetadata: row.oidcClientMetadata,
  customClientMetadata: row.customClientMetadata,
  protectedAppMetadata: null,
  customData: row.customData,
  isThirdParty: row.isThirdParty,
  appLevelAccessControlEnabled: false,
  createdAt: row.createdAt,
});

export const secretView = (
  { id }: Application,
  { name, value, createdAt, expiresAt }: Application['secrets'][number],
) => ({
  tenantId: 'default',
  applicationId: id,
  name,
  value,
  createdAt,
  expiresAt,
});
