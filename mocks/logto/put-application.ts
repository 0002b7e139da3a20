/** An application is added to the tenant, or the one with its id is changed. */
import type { Journal } from '../journal.ts';
import { registerSecret } from '../redact.ts';
import { claimsByScope, findApplication } from './claims.ts';
import type { Application, Tenant } from './tenant.ts';
import { type ApplicationInput, applicationRow } from './tenant-defaults.ts';
import { consentScopesOf } from './third-party.ts';

/** @param journal told the secret, which nobody else may see */
export async function putApplication(
  tenant: Tenant,
  journal: Journal,
  input: ApplicationInput,
): Promise<Application> {
  registerSecret('client secret', input.secret);
  if (input.secret)
    journal.issued.add({ kind: 'client secret', value: input.secret, owner: null, scope: null });
  const row = input.id ? findApplication(tenant, input.id) : undefined;
  const wanted = applicationRow(input, row);
  if (input.isThirdParty)
    consentScopesOf(tenant, wanted.id).userScopes =
      input.userConsentScopes ?? Object.keys(claimsByScope).slice(1);
  if (!row) return tenant.applications.create(wanted);
  return (await tenant.applications.update(row as never, {
    data(draft: Application) {
      Object.assign(draft, wanted);
    },
  })) as Application;
}
