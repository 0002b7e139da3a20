/** What an app that sends codes of its own gets in its environment, under the names of Twilio's own guides. */
import { goodTwilioConfig, verifyServiceOf } from '../../mocks/index.ts';
import { TWILIO_ORIGINS } from '../../mocks/twilio/hosts.ts';

/**
 * Where Twilio's REST API and Verify are, in every region: re-routed to the mock for every app that is started by a command.
 *
 * @param carrier origin of the mock
 */
export const twilioReroutes = (carrier: string): Record<string, string> =>
  Object.fromEntries(TWILIO_ORIGINS.map((origin) => [origin, carrier]));

/** @param connector config of the connector: its account and services are the ones the mock knows */
export const twilioEnvironment = (connector: Record<string, unknown>): Record<string, string> => {
  const { accountSID, authToken, fromMessagingServiceSID } = { ...goodTwilioConfig, ...connector };
  return {
    TWILIO_ACCOUNT_SID: accountSID,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_MESSAGING_SERVICE_SID: fromMessagingServiceSID,
    TWILIO_VERIFY_SERVICE_SID: verifyServiceOf(accountSID),
  };
};
