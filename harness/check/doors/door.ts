/** Doors: paths that give a member what a stranger does not get. */

import type { Alias } from '../../lab/lab-description.ts';
import type { ProcedureCalls } from '../../lab/procedure.ts';
import type { StateTree } from './router-state.ts';

/** One door that was found. */
export interface Door {
  /** Path, with its query, as the member asks for it. */
  path: string;
  /** Where it was found: `pages.protected`, a source file, a build manifest, or the page with the link. */
  source: string;
  /** Whether it answers a page, in contrast to data. */
  isPage: boolean;
  /** Texts that the member gets and no stranger does; empty when the page is public but greets its members. */
  texts: string[];
  /** Those of `texts` that name the page, or stand in the code of the app: an answer that sends somebody away may hold them. */
  frame?: string[];
  /** Texts that a stranger gets as well, in an answer that sends them away: a breach of its own. */
  leaked: string[];
  /** What belongs to the member alone: another member gets other things there, or at the address that names them. */
  own?: string[];
  /** Data that the member gets there each time, and another member does not. */
  data?: string;
  /** It shows its member's data to whoever just asks: a breach of its own, and every approach would tell it again. */
  open: boolean;
  /** It shows its member's data to another member who just asks: every other way of asking as one would tell it again. */
  openToMembers?: boolean;
  /** To whom it names members, several of them and nothing else, or one to whom such a list leads: a name gives nobody away there. */
  listsPeople?: 'to members' | 'to everybody';
  /** It is declared to show members the data of each other. */
  isDirectory?: true;
  /** It is the page of one member, of which each has one, and names its owner alone. */
  isProfile?: true;
  /** It turns strangers away, data with 401 or 403: whatever way of asking is answered with data passed its guard. */
  refuses?: boolean;
  /** Another member is refused there. */
  refusesOthers?: true;
  /** The same address with the id of what it stands below replaced by that of another member: a thing of the first below one of the other. */
  crossed?: string;
  /** Its state tree, when it is a page of Next.js' App Router. */
  tree?: StateTree;
}

/** One request to a door, without who asks. */
export interface Ask {
  /** Path and query as they go over the wire. */
  path: string;
  method?: string;
  headers?: Record<string, string>;
  form?: Record<string, string>;
  json?: unknown;
  body?: string;
  /** A list that members may share: it counts where a thing in it is refused to the other member at its own address. */
  unlessShared?: true;
  /** It shows nothing of what the approach names where the same is shown with these headers in the place of its own. */
  unlessBy?: Record<string, string>;
  /** Auth.js itself answers it with 500, so that this is no crash of the app. */
  failsAuthjs?: true;
}

/** What the approaches know of the app and of the member whose doors they try. */
export interface Grounds {
  origin: string;
  /** Path of the Auth.js endpoints. */
  basePath: string;
  family: 'v4' | 'v5';
  /** What tokens of Logto for this app say of where they come from and whom they are for. */
  issuer?: string;
  clientId?: string;
  /** Name of the session cookie, without the number of a chunk. */
  cookie: string;
  /** `phone` as digits. */
  member: { id: string; name: string; email: string; phone: string };
  /** Ids that the app itself gave to the member, as its session JSON says. */
  ownIds?: readonly string[];
  /** All cookies of the member at the app. */
  cookies: readonly { key: string; value: string }[];
  /** Session cookies that were made up. */
  forged: {
    /** The member's own session as it would be after its end; one of our making where that cannot be opened. Missing when the secret is not known. */
    expired?: string;
    /** Sealed with another secret. */
    foreign: string;
    /** Sealed, and signed (JWS), with secrets that anybody guesses or reads in the repository. */
    guessed?: readonly { sealed: string; signed: string }[];
  };
  /** Build id of a Next.js app. */
  buildId?: string;
  locales: readonly string[];
  /** What React Router calls its routes, by their addresses. */
  routeIds?: readonly { path: string; id: string }[];
  /** Addresses that the config of the app answers with the page of another one. */
  aliases?: readonly Alias[];
  /** Parameters of addresses that the sources of the app read. */
  parameters?: readonly string[];
  /** Procedures that the sources of the app name. */
  calls?: ProcedureCalls;
  /** Request headers of its own that the sources of the app read. */
  headers?: readonly string[];
  /** Cookies of its own that the sources of the app read, the session aside. */
  ownCookies?: readonly string[];
  /** What the sources of the app compare a part of a request with. */
  words?: readonly { place: 'query' | 'header' | 'cookie'; name: string; value: string }[];
}
