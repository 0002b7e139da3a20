/** Sending one-time codes: the message cap, the stored code, the real connector. */
import { connectorError } from './api-routes.ts';
import type { LogtoContext } from './context.ts';
import { LogtoError } from './errors.ts';
import type { Recipient } from './passcodes.ts';
import { servicesOf } from './services.ts';

export interface CodeRequest {
  /** Verification id of the record, or null for codes of the Management API. */
  owner: string | null;
  /** Logto's TemplateType. */
  template: string;
  recipient: Recipient;
  scope: string | undefined;
  /** Members of the connector's payload besides the code, such as `locale`. */
  payload?: Record<string, unknown>;
  /** Keeps a code but sends nothing: whoever asks must not learn that nobody has this number. */
  withhold?: boolean;
  /** Address of the browser that signs in. */
  ip?: string;
  /** What e-mails say besides, such as the application. */
  email?: Record<string, unknown>;
}

/**
 * Makes a code and sends it.
 *
 * @throws LogtoError request.message_rate_limited (429), connector.not_found (501), connector.general (400);
 *   or what the connector threw, when that is no ConnectorError
 */
export async function sendCode(
  context: LogtoContext,
  { owner, template, recipient, scope, payload = {}, withhold, ip, email }: CodeRequest,
): Promise<void> {
  const { passcodes, sentinel } = servicesOf(context);
  sentinel.guardSend(recipient.value, scope);
  const code = passcodes.create(owner, template, recipient, scope);
  if (!withhold) {
    const byMail = recipient.type === 'email';
    const type = byMail ? 'Email' : 'Sms';
    const connector = context.connectors.of(type);
    if (!connector) throw new LogtoError('connector.not_found', { status: 501, values: { type } });
    if (!byMail) context.scopes.bind('phone', `+${recipient.value}`, scope);
    const to = recipient.value;
    try {
      if (byMail) {
        const full = { code, ...payload, ...email };
        await context.email.send({ to, type: template, payload: full, scope, ip }, connector);
      } else {
        await context.sms.send({ to, type: template, payload: { code, ...payload }, scope, ip }, connector);
      }
    } catch (error) {
      throw connectorError(error);
    }
  }
  // A withheld message counts too, or the cap would tell who exists; a failed one does not (message-rate-guard.ts).
  sentinel.recordSend(recipient.value, scope);
}
