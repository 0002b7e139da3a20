/** The page on which a person lets a third-party application in; buttons are named as on Logto's (pages/Consent). */
import type { FastifyReply } from 'fastify';
import { mainButton } from '../pages/forms.ts';
import { type Html, html } from '../pages/html.ts';
import { sendPage } from '../pages/layout.ts';
import type { Visit } from '../pages/visit.ts';
import type { ConsentInfo, ResourceScopes } from './info.ts';

const list = (title: string, items: readonly string[]): Html | undefined =>
  items.length > 0
    ? html`<h2>${title}</h2><ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`
    : undefined;

const resources = (all: readonly ResourceScopes[]): Html[] =>
  all.flatMap(({ resource, scopes }) => {
    const shown = list(
      resource.name,
      scopes.map(({ name, description }) => description ?? name),
    );
    return shown ? [shown] : [];
  });

/** Who may be let in is chosen as on Logto's page: one organization, the first unless another is named. */
const organizations = ({ t }: Visit, all: ConsentInfo['organizations']): Html | undefined =>
  all.length > 0
    ? html`<div class="field"><label for="organizationId">${t('description.grant_organization_access')}</label>
<select id="organizationId" name="organizationId">${all.map(({ id, name }) => html`<option value="${id}">${name}</option>`)}</select></div>
${all.map(({ missingResourceScopes }) => resources(missingResourceScopes))}`
    : undefined;

export function consentPage(visit: Visit, info: ConsentInfo): FastifyReply {
  const { t } = visit;
  const name = ('displayName' in info.application && info.application.displayName) || info.application.name;
  const { user } = info;
  const scopes = (info.missingOIDCScope ?? []).map((scope) => {
    const key = `user_scopes.descriptions.${scope}`;
    const text = t(key);
    return text === key ? scope : text;
  });
  const cancel = info.redirectUri && URL.canParse(info.redirectUri) ? info.redirectUri : undefined;
  return sendPage(visit.reply, t, {
    title: t('description.authorize_title', { name }),
    lead: user.name ?? user.username ?? user.primaryEmail ?? user.primaryPhone ?? user.id,
    body: html`<p>${t('description.request_permission', { name })}</p>
${list(t('description.user_scopes'), scopes)}
${resources(info.missingResourceScopes)}
<form method="post" action="${visit.at('/consent')}">
${organizations(visit, info.organizations)}
${mainButton(visit, 'action.authorize')}
</form>
${cancel && html`<p class="below"><a href="${cancel}">${t('action.cancel')}</a></p>`}`,
  });
}
