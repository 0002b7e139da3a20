/** The forms of the pages; input names and button names are those of Logto's own pages (packages/experience). */
import type { Identifier } from '../experience/state.ts';
import { readableNumber } from '../phones.ts';
import { type Html, html } from './html.ts';
import { countries, countryOf, type IdentifierKind } from './identifiers.ts';
import { oneOf, withTag } from './texts.ts';
import { type Visit, wantedLanguages } from './visit.ts';

/** Seconds between two messages, as on Logto's page (use-resend-verification-code.ts). */
export const RESEND_SECONDS = 59;

const LABELS: Record<IdentifierKind, string> = {
  phone: 'input.phone_number',
  email: 'input.email',
  username: 'input.username',
};
const AUTOCOMPLETE: Record<IdentifierKind, string> = { phone: 'tel', email: 'email', username: 'username' };

export const errorLine = (message: string | undefined, id = 'error'): Html | undefined =>
  message === undefined ? undefined : html`<p class="error" id="${id}" role="alert">${message}</p>`;

/** How an identifier is shown to its owner; in right-to-left texts it is kept together. */
export const shown = ({ t }: Visit, { type, value }: Identifier): string => {
  const text = type === 'phone' ? readableNumber(value) : value;
  return t.direction === 'rtl' ? `\u2066${text}\u2069` : text;
};

export const kindNames = ({ t }: Visit, kinds: readonly IdentifierKind[]): string =>
  oneOf(
    t,
    kinds.map((kind) => t(LABELS[kind])),
  );

export function identifierField(
  visit: Visit,
  kinds: readonly IdentifierKind[],
  typed = '',
  invalid = false,
): Html {
  const { t } = visit;
  const only = kinds.length === 1 ? kinds[0] : undefined;
  const type = only === 'phone' ? 'tel' : only === 'email' ? 'email' : 'text';
  const chosen = visit.fields.countryCode ?? countryOf(wantedLanguages(visit));
  const input = html`<input id="identifier" name="identifier" type="${type}" value="${typed}" required maxlength="256" autocapitalize="none" spellcheck="false"
    autocomplete="${kinds.map((kind) => AUTOCOMPLETE[kind]).join(' ')}"${only === 'phone' && html` inputmode="tel"`}${invalid && html` aria-invalid="true" aria-describedby="error"`}${typed === '' && html` autofocus`}>`;
  return html`<div class="field">
<label for="identifier">${kinds.map((kind) => t(LABELS[kind])).join(' / ')}</label>
${
  kinds.includes('phone')
    ? html`<div class="phone"><select name="countryCode" aria-label="${t('input.search_region_code')}" autocomplete="country">${countries(
        t.language,
      ).map(
        ({ code, label }) =>
          html`<option value="${code}"${code === chosen && html` selected`}>${label}</option>`,
      )}</select>${input}</div>`
    : input
}
</div>`;
}

export const passwordField = (
  visit: Visit,
  options: {
    name?: string;
    label?: string;
    autocomplete?: string;
    invalid?: boolean;
    autofocus?: boolean;
  } = {},
): Html => {
  const {
    name = 'password',
    label = 'input.password',
    autocomplete = 'current-password',
    invalid,
    autofocus,
  } = options;
  return html`<div class="field">
<label for="${name}">${visit.t(label)}</label>
<input id="${name}" name="${name}" type="password" required autocomplete="${autocomplete}"${invalid && html` aria-invalid="true" aria-describedby="error"`}${autofocus && html` autofocus`}>
</div>`;
};

/** Only scripts can show a password, so the box appears only with them. */
export const showPassword = ({ t }: Visit): Html =>
  html`<label class="check" hidden><input type="checkbox" data-show-password> ${t('action.show_password')}</label>`;

export const mainButton = ({ t }: Visit, key: string): Html =>
  html`<button type="submit" name="submit" data-main>${t(key)}</button>`;

/** Terms and privacy policy, when the tenant names them. */
export function terms({ t, settings }: Visit): Html | undefined {
  const links = [
    [settings.termsOfUseUrl, 'description.terms_of_use'],
    [settings.privacyPolicyUrl, 'description.privacy_policy'],
  ].flatMap(([url, key]) =>
    typeof url === 'string' && /^https?:/.test(url)
      ? [html`<a href="${url}" target="_blank" rel="noopener">${t(key as string)}</a>`]
      : [],
  );
  if (links.length === 0) return undefined;
  const [before = '', after = ''] = t('description.auto_agreement').split('<link></link>');
  return html`<p class="below">${before}${links.map((link, index) => html`${index > 0 && html` · `}${link}`)}${after}</p>`;
}

/** One field for the code, which scripts turn into six; and the link to another message after a while. */
export function codeForm(
  visit: Visit,
  options: {
    action: string;
    resend: string;
    wait: number;
    message?: string;
    note?: string;
    more?: Html | undefined;
  },
): Html {
  const { t } = visit;
  const { action, resend, wait, message, note, more } = options;
  return html`${note && html`<p class="note below" role="status">${note}</p>`}
<form method="post" action="${visit.at(action)}">
<fieldset class="field">
<legend><label for="code">${t('action.enter_passcode')}</label></legend>
<input class="single" id="code" name="code" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9]{6}" maxlength="6" required data-boxes data-label="${t('action.enter_passcode')}"${message && html` aria-invalid="true" aria-describedby="error"`}>
</fieldset>
${errorLine(message)}
${mainButton(visit, 'action.continue')}
</form>
<form class="below" method="post" action="${visit.at(resend)}" data-countdown>
<p class="lead"><span data-wait hidden>${withTag(t('description.resend_after_seconds', { seconds: wait }), 'span', (seconds) => html`<span>${seconds}</span>`)}</span>
<span data-ready>${withTag(t('description.resend_passcode'), 'a', (text) => html`<button class="link" type="submit">${text}</button>`)}</span></p>
</form>
${more}`;
}

/** A question in place of Logto's modal window, with the same role and buttons. */
export const dialog = (
  visit: Visit,
  options: { text: string; cancel: string; confirm?: { action: string } },
): Html => html`<div role="dialog" aria-labelledby="question" aria-describedby="question-text">
<h2 id="question">${visit.t('description.reminder')}</h2>
<p id="question-text">${options.text}</p>
<form method="post" action="${visit.at(options.confirm?.action ?? options.cancel)}"><div class="row">
<button class="quiet" type="submit" formmethod="get" formaction="${options.cancel}" formnovalidate name="app_id" value="${visit.query.app_id ?? ''}">${visit.t('action.cancel')}</button>
${options.confirm && html`<button type="submit" data-main>${visit.t('action.continue')}</button>`}
</div></form>
</div>`;
