/** What an app that sends codes of its own gets in its environment, under the names of Twilio's own guides. */
import { goodTwilioConfig } from '../../mocks/index.ts';

/** Where Twilio's REST API is, and what is re-routed to the mock for apps that claim own-otp. */
export const TWILIO_ORIGIN = 'https://api.twilio.com';

/** @param connector config of the connector: its account and service are the ones the mock knows */
export const twilioEnvironment = (connector: Record<string, unknown>): NodeJS.ProcessEnv => {
  const { accountSID, authToken, fromMessagingServiceSID } = { ...goodTwilioConfig, ...connector };
  return {
    TWILIO_ACCOUNT_SID: accountSID,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_MESSAGING_SERVICE_SID: fromMessagingServiceSID,
  };
};
