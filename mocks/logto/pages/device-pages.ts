/** The pages of the device flow: the code that a device shows, and that it is connected (packages/experience pages/DeviceFlow). */
import type { FastifyReply } from 'fastify';
import { XSRF_COOKIE } from '../device-flow.ts';
import { errorLine, mainButton } from './forms.ts';
import { html } from './html.ts';
import { sendPage } from './layout.ts';
import { koaRedirect, type Visit } from './visit.ts';

const MESSAGES: Record<string, string> = {
  NotFoundError: 'error.invalid_device_code',
  NoCodeError: 'error.device_code_required',
  AbortedError: 'error.device_flow_aborted',
};

const cookieOf = ({ request }: Visit): string | undefined =>
  new RegExp(`(?:^|;\\s*)${XSRF_COOKIE}=([^;]+)`).exec(request.headers.cookie ?? '')?.[1];

/** Without the cookie the engine is asked first: it makes a session, and sends the browser back with one. */
export function devicePage(visit: Visit): FastifyReply {
  const { t, query, request, reply } = visit;
  const xsrf = cookieOf(visit);
  const search = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '';
  if (!xsrf) return koaRedirect(request, reply, `/oidc/device${search}`);
  const { user_code: known, input_code: typed, error } = query;
  const problem = error && t(MESSAGES[error] ?? 'error.something_went_wrong');
  return sendPage(reply, t, {
    title: t('description.device_activation'),
    lead: t('description.device_activation_description'),
    body: html`<form method="post" action="/oidc/device${search}">
<input type="hidden" name="xsrf" value="${xsrf}">
${known && html`<input type="hidden" name="confirm" value="yes">`}
<div class="field"><label for="user_code">${t('action.enter_passcode')}</label>
<input id="user_code" name="user_code" value="${known ?? typed ?? ''}" autocapitalize="characters" autocomplete="off" required${known && html` readonly`}></div>
${errorLine(problem || undefined)}
${mainButton(visit, 'action.continue')}
</form>`,
  });
}

export const deviceSuccessPage = (visit: Visit): FastifyReply =>
  sendPage(visit.reply, visit.t, {
    title: visit.t('description.device_activation_success'),
    lead: visit.t('description.device_activation_success_description'),
    body: html``,
  });
