/**
 * Hosts of Twilio's APIs that the carrier stands for.
 *
 * Sources: https://www.twilio.com/docs/global-infrastructure/using-the-twilio-rest-api-in-a-non-us-region (regions with
 * their edges; `api.us1.twilio.com` remains valid, the other forms without an edge ended on April 28, 2026) and
 * https://www.twilio.com/docs/global-infrastructure/edge-locations (edges, which SDKs put before the region us1).
 */

const PRODUCTS = ['api', 'verify', 'messaging'];
const REGIONS = ['dublin.ie1', 'sydney.au1', 'tokyo.jp1'];
const EDGES = [
  'ashburn',
  'dublin',
  'frankfurt',
  'roaming',
  'sao-paulo',
  'singapore',
  'sydney',
  'tokyo',
  'umatilla',
];
const places = ['', 'us1', ...REGIONS, ...EDGES.map((edge) => `${edge}.us1`)];
const hostsOf = (product: string) =>
  places.map((place) => [product, place, 'twilio.com'].filter(Boolean).join('.'));

/** Hosts of the REST API of 2010-04-01, the first one that of the United States. */
export const REST_HOSTS: readonly string[] = hostsOf('api');

/** Origins that are answered by the carrier, wherever an app or a connector asks them. */
export const TWILIO_ORIGINS: readonly string[] = PRODUCTS.flatMap(hostsOf).map((host) => `https://${host}`);
