/**
 * Codes of the Messages API: HTTP status and message. Messages that were recorded in real answers are taken as they
 * are; the others are the titles of Twilio's published error dictionary (https://www.twilio.com/docs/api/errors). Its
 * other codes belong to calls, numbers, accounts, registrations, shortened links and tokens, which no text message meets.
 */
interface CatalogueEntry {
  status: number;
  /** `{to}`, `{from}`, `{uri}` … are filled in. */
  message: string;
  detail?: string;
}

export const errorCatalogue = {
  20001: { status: 400, message: 'Unknown parameters' },
  20003: { status: 401, message: 'Authenticate', detail: 'Your AccountSid or AuthToken was incorrect.' },
  20004: { status: 405, message: 'Method not allowed' },
  20005: { status: 403, message: 'Account not active' },
  20006: { status: 403, message: 'Access Denied' },
  20007: { status: 400, message: 'Page size too large. The maximum page size is 1000' },
  20008: { status: 403, message: 'Resource not accessible with Test Account Credentials' },
  20009: { status: 409, message: 'Cannot delete this resource before it is complete' },
  20010: { status: 403, message: 'Action disabled for account' },
  20403: { status: 403, message: 'Forbidden' },
  20404: { status: 404, message: 'The requested resource {uri} was not found' },
  20409: { status: 409, message: 'Conflict' },
  20413: { status: 413, message: 'Request Entity Too Large' },
  20422: { status: 422, message: 'Invalid Parameter' },
  20423: { status: 400, message: 'Invalid SID' },
  20426: { status: 426, message: 'Upgrade Required' },
  20429: { status: 429, message: 'Too Many Requests' },
  20500: { status: 500, message: 'Internal Server Error' },
  20503: { status: 503, message: 'Service unavailable' },
  21211: { status: 400, message: "Invalid 'To' Phone Number: {to}" },
  21212: {
    status: 400,
    message: "The 'From' number {from} is not a valid phone number, shortcode, or alphanumeric sender ID.",
  },
  21408: {
    status: 400,
    message:
      "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {to}",
  },
  21481: { status: 400, message: 'Invalid PageToken' },
  21601: { status: 400, message: 'Phone number is not a valid SMS-capable inbound phone number' },
  21602: { status: 400, message: 'Message body is required.' },
  21603: { status: 400, message: "A 'From' phone number is required." },
  21604: { status: 400, message: "A 'To' phone number is required." },
  21605: { status: 400, message: 'Maximum body length is 160 characters (old API endpoint)' },
  21606: {
    status: 400,
    message:
      'The From phone number {from} is not a valid, SMS-capable inbound phone number or short code for your account.',
  },
  21607: {
    status: 400,
    message: "The 'from' phone number must be the sandbox phone number for trial accounts.",
  },
  21608: {
    status: 400,
    message:
      'The number {to} is unverified. Trial accounts cannot send messages to unverified numbers; verify {to} at twilio.com/user/account/phone-numbers/verified, or purchase a Twilio number to send messages to unverified numbers',
  },
  21609: { status: 400, message: "Invalid 'StatusCallback'" },
  21610: { status: 400, message: 'Attempt to send to unsubscribed recipient' },
  21611: { status: 429, message: 'SMS queue is full.' },
  21612: {
    status: 400,
    message:
      "The 'To' phone number: {to}, is not currently reachable using the 'From' phone number: {from} via {channel}.",
  },
  21614: { status: 400, message: 'To number: {to}, is not a mobile number' },
  21616: { status: 400, message: "The 'From' number matches multiple numbers for your account" },
  21617: { status: 400, message: 'The concatenated message body exceeds the 1600 character limit.' },
  21618: { status: 400, message: 'The message body cannot be sent' },
  21619: { status: 400, message: 'A text message body or media urls must be specified' },
  21620: { status: 400, message: 'Invalid media URL(s)' },
  21621: { status: 400, message: "The 'From' number has not been enabled for MMS" },
  21622: { status: 400, message: 'MMS has not been enabled for your account' },
  21623: { status: 400, message: 'Number of media files exceeds allowed limit' },
  21624: { status: 400, message: 'Invalid validity period value' },
  21627: { status: 400, message: 'Max Price must be a valid float' },
  21635: { status: 400, message: "The 'To' phone number cannot be a landline" },
  21653: { status: 400, message: 'There are more recipient addresses than allowed' },
  21654: { status: 400, message: 'ContentSid Required' },
  21655: { status: 400, message: 'The ContentSid is Invalid' },
  21656: { status: 400, message: 'The ContentVariables Parameter is invalid' },
  21657: { status: 400, message: 'The Sender ID is invalid' },
  21658: { status: 400, message: 'Parameter exceeded character limit' },
  21659: {
    status: 400,
    message: "'From' {from} is not a Twilio phone number or Short Code country mismatch",
  },
  21660: { status: 400, message: "Mismatch between the 'From' number {from} and the account" },
  21661: { status: 400, message: "'From' {from} is not SMS-capable" },
  21701: { status: 404, message: 'The Messaging Service does not exist' },
  21702: { status: 400, message: 'The Messaging Service is not available to send new messages' },
  21703: {
    status: 400,
    message: 'The Messaging Service does not have a phone number available to send a message',
  },
  21704: { status: 400, message: 'The Messaging Service contains no phone numbers' },
  21705: { status: 400, message: 'The Messaging Service is invalid' },
  21708: { status: 400, message: 'Alpha Sender ID Missing from the request' },
  21709: {
    status: 400,
    message: 'Alpha Sender ID is Invalid or Not Authorized for this Messaging Service',
  },
  21711: {
    status: 400,
    message: 'Phone Number, Shortcode, or AlphaSender is not associated to the specified Messaging Service.',
  },
  21910: { status: 400, message: 'Invalid From and To pair. From and To should be of the same channel' },
  30409: { status: 409, message: 'This message cannot be canceled' },
  35111: { status: 400, message: 'SendAt timestamp is missing' },
  35114: { status: 400, message: 'Scheduling does not support this timestamp' },
  35118: { status: 400, message: 'MessagingServiceSid is required to schedule a message' },
  35125: { status: 400, message: 'Maximum limit reached in the account for scheduling messages' },
  35126: { status: 400, message: 'The ScheduleType value provided is not supported for this channel' },
  63007: { status: 400, message: 'Twilio could not find a Channel with the specified From address' },
} as const satisfies Record<number, CatalogueEntry>;

export type ErrorCode = keyof typeof errorCatalogue;

/** Why a message that was taken never arrived: `error_code` → `error_message`, with the last status. */
export const deliveryErrors: Record<number, { status: 'failed' | 'undelivered'; message: string }> = {
  30001: { status: 'failed', message: 'Queue overflow' },
  30002: { status: 'failed', message: 'Account suspended' },
  30003: { status: 'undelivered', message: 'Unreachable destination handset' },
  30004: { status: 'undelivered', message: 'Message blocked' },
  30005: { status: 'undelivered', message: 'Unknown destination handset' },
  30006: { status: 'undelivered', message: 'Landline or unreachable carrier' },
  30007: { status: 'undelivered', message: 'Message filtered' },
  30008: { status: 'undelivered', message: 'Unknown error' },
  30009: { status: 'undelivered', message: 'Missing inbound segment' },
  30010: { status: 'failed', message: 'Message price exceeds max price' },
  30011: {
    status: 'undelivered',
    message: 'MMS not supported by the receiving phone number in this region',
  },
  30012: { status: 'failed', message: 'TTL is too small' },
  30013: { status: 'failed', message: 'TTL is too big' },
  30014: { status: 'failed', message: "'To' attributes are Invalid" },
  30015: { status: 'failed', message: 'Non-supported channel type is used' },
  30016: { status: 'failed', message: "'To' and 'From' channel types are incompatible" },
  30017: { status: 'undelivered', message: 'Carrier network congestion' },
  30018: { status: 'undelivered', message: 'Destination carrier requires sender ID pre-registration' },
  30019: { status: 'undelivered', message: 'Content size exceeds carrier limit' },
  30020: { status: 'failed', message: 'Internal Failure with Message Scheduling' },
  30021: { status: 'failed', message: 'Internal Failure with messaging service orchestrator' },
  30022: { status: 'undelivered', message: 'US A2P 10DLC - Rate Limits Exceeded' },
  30023: { status: 'undelivered', message: 'US A2P 10DLC - Daily Message Cap Reached' },
  30024: { status: 'undelivered', message: 'Numeric Sender ID Not Provisioned on Carrier' },
  30027: { status: 'undelivered', message: 'US A2P 10DLC - T-Mobile Daily Message Limit Reached' },
  30028: { status: 'failed', message: 'Invalid API version' },
  30029: { status: 'failed', message: 'Invalid ContentRetention' },
  30030: { status: 'failed', message: 'Invalid AddressRetention' },
  30031: { status: 'failed', message: 'Invalid MaxRate' },
  30032: { status: 'undelivered', message: 'Toll-Free Number Has Not Been Verified' },
  30033: { status: 'undelivered', message: 'US A2P 10DLC - Campaign Suspended' },
  30034: { status: 'undelivered', message: 'US A2P 10DLC - Message from an Unregistered Number' },
  30035: {
    status: 'undelivered',
    message: 'US A2P 10DLC - Message from a number still being configured',
  },
  30410: { status: 'undelivered', message: 'Provider Timeout Error' },
  30450: { status: 'failed', message: 'Message delivery blocked' },
  63001: { status: 'failed', message: 'Channel could not authenticate the request' },
  63003: { status: 'failed', message: 'Channel could not find To address' },
  63005: { status: 'failed', message: 'Channel did not accept given content' },
  63013: { status: 'failed', message: 'Channel policy violation' },
  63015: {
    status: 'failed',
    message: 'Channel Sandbox can only send messages to phone numbers that have joined the Sandbox',
  },
  63016: {
    status: 'failed',
    message:
      'Failed to send freeform message because you are outside the allowed window. If you are using WhatsApp, please use a Message Template.',
  },
  63018: { status: 'failed', message: 'Rate limit exceeded for Channel' },
  63024: { status: 'failed', message: 'Invalid message recipient' },
  63031: { status: 'failed', message: 'Channels message cannot have same From and To' },
  63032: {
    status: 'undelivered',
    message: 'We cannot send this message to this user because of a WhatsApp limitation.',
  },
  63038: { status: 'failed', message: 'Account exceeded the daily messages limit' },
};
