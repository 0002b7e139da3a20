/** What an app that sends codes of its own gets in its environment, under the names of Twilio's own guides. */
import { goodTwilioConfig } from '../../mocks/index.ts';

/** Where Twilio's REST API is; re-routed to the mock for every app that is started by a command. */
export const TWILIO_ORIGIN = 'https://api.twilio.com';

/** @param connector config of the connector: its account and service are the ones the mock knows */
export const twilioEnvironment = (connector: Record<string, unknown>): Record<string, string> => {
  const { accountSID, authToken, fromMessagingServiceSID } = { ...goodTwilioConfig, ...connector };
  return {
    TWILIO_ACCOUNT_SID: accountSID,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_MESSAGING_SERVICE_SID: fromMessagingServiceSID,
  };
};
