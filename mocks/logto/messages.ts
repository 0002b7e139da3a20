/** What the tenant sends, by text message and e-mail: through which connector, and what is remembered of it. */
import type { Scopes } from '../scope.ts';
import { type MessageConnector, sendInScope, sendMail } from './connector.ts';
import type { Connectors } from './connectors.ts';
import type { LogtoContext, SentMail } from './context.ts';
import { createSentTally } from './sent.ts';

export interface MessageOptions {
  connectors: Connectors;
  scopes: Scopes;
  /** Origin that answers for api.twilio.com. */
  carrierOrigin?: string;
  /** Told each e-mail that was sent. */
  mailbox?(mail: SentMail): void;
}

export function createMessages(options: MessageOptions): Pick<LogtoContext, 'sent' | 'email' | 'sms'> {
  const { connectors, scopes } = options;
  const sent = createSentTally();
  const noteSent = ({ metadata, type: kind }: MessageConnector, type: string, scope: string | undefined) =>
    sent.note({ connector: metadata.id, kind, type, label: scopes.get(scope)?.label });
  return {
    sent,
    email: {
      async send({ to, type, payload, scope, config, ip }, connector = connectors.of('Email')) {
        if (!connector) throw new Error('the tenant stores no e-mail connector');
        noteSent(connector, type, scope);
        let text: string | undefined;
        const data = { to, type, payload, ...(ip && { ip }) };
        await sendMail(scope, connector, data, config, ({ body }) => {
          text = body;
          return { status: 200, body: '{}' };
        });
        options.mailbox?.({ to, type, payload, scope, text });
      },
    },
    sms: {
      factory: () => connectors.first('Sms'),
      connector: () => connectors.of('Sms'),
      async send({ to, type, payload, scope, config, ip }, connector = connectors.first('Sms')) {
        if (!connector) throw new Error('the tenant stores no SMS connector');
        noteSent(connector, type, scope);
        const data = { to, type, payload, ...(ip && { ip }) };
        return sendInScope(scope, connector, data, config, options.carrierOrigin);
      },
    },
  };
}
