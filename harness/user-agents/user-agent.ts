/**
 * What browsers of a run say that they are: Chromium on Linux, in the reduced form that it sends itself
 * (https://www.chromium.org/updates/ua-reduction/). Apps turn away who says nothing, or that nobody looks at its pages.
 */
export const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36';

/** The language that they ask for, with a browser or without: an app may bind a session to it, as to the name above. */
export const LANGUAGE = 'en';
