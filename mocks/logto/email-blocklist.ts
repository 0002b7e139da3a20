/** Addresses that nobody may register with or bind (packages/core libraries/sign-in-experience/email-blocklist-policy.ts). */
import { assertThat, LogtoError } from './errors.ts';
import type { Tenant } from './tenant.ts';

interface Policy {
  blockDisposableAddresses?: boolean;
  blockSubaddressing?: boolean;
  customAllowlist?: string[];
  customBlocklist?: string[];
}

/** Logto's own rules for the entries of a list, loaded when a list is first met. */
const kit = () => import('@logto/core-kit');

/**
 * Whether disposable addresses are blocked is not judged: Logto asks a service of its cloud for that.
 *
 * @throws LogtoError session.email_blocklist.* (422)
 */
export async function guardEmail(tenant: Tenant, email: string): Promise<void> {
  const policy = (tenant.signInExperience.emailBlocklistPolicy ?? {}) as Policy;
  const { customAllowlist = [], customBlocklist = [], blockSubaddressing } = policy;
  if (customAllowlist.length + customBlocklist.length === 0 && !blockSubaddressing) return;
  const [local = '', domain] = email.split('@');
  assertThat(domain, 'session.email_blocklist.invalid_email');
  assertThat(
    !blockSubaddressing || !local.includes('+'),
    'session.email_blocklist.email_subaddressing_not_allowed',
    { status: 422 },
  );
  const { matchesEmailBlocklistItem: fits } = await kit();
  const allowed =
    (customAllowlist.length === 0 || customAllowlist.some((item) => fits(item, email))) &&
    !customBlocklist.some((item) => fits(item, email));
  assertThat(allowed, 'session.email_blocklist.email_not_allowed', { status: 422, values: { email } });
}

/**
 * A policy as it is stored.
 *
 * @throws LogtoError sign_in_experiences.invalid_custom_email_blocklist_format, request.invalid_input (400)
 */
export async function storedPolicy(policy: Policy): Promise<Policy> {
  if (policy.blockDisposableAddresses)
    throw new LogtoError('request.invalid_input', {
      values: { details: 'Disposable email domain validation is not supported in this environment' },
    });
  const { isEmailBlocklistItem } = await kit();
  const list = (items: readonly string[]) => {
    const all = [...new Set(items)];
    const wrong = all.filter((item) => !isEmailBlocklistItem(item));
    assertThat(wrong.length === 0, 'sign_in_experiences.invalid_custom_email_blocklist_format', {
      values: { items: wrong },
    });
    return all;
  };
  return {
    ...policy,
    ...(policy.customAllowlist && { customAllowlist: list(policy.customAllowlist) }),
    ...(policy.customBlocklist && { customBlocklist: list(policy.customBlocklist) }),
  };
}
