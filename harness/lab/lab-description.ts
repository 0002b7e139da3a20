/** What a Playwright worker knows about the lab; plain data, handed over in a file. */
import type { SignInExperience } from '../../mocks/logto/tenant.ts';
import type { Config } from '../config/config.ts';
import type { Ability } from '../live/abilities.ts';
import type { RealLogto } from '../logto/experience.ts';
import type { AuthEndpoints } from '../targets/discover.ts';
import type { ProcedureCalls } from './procedure.ts';
import type { SecondProvider } from './second.ts';
import type { Usage } from './usage.ts';

export interface LabDescription {
  control: string;
  /** Without it the control server changes nothing. */
  controlToken: string;
  /** `<origin>/oidc`, as the app knows it. */
  issuer: string;
  /** Where the issuer mock listens. */
  issuerOrigin: string;
  /** Origin of the issuer as the app knows it; another one than `issuerOrigin` when it is re-routed. */
  publicIssuerOrigin: string;
  carrierOrigin: string;
  app: AuthEndpoints;
  /** The provider that the second issuer plays; missing when the config names none. */
  second?: SecondProvider;
  /** A second app at the same tenant; missing when the config names none. */
  also?: AlsoApp;
  /** Public origin → origin that answers. */
  reroutes: Record<string, string>;
  /** Host of a re-routed https origin → host of the TLS front that a browser is sent to. */
  fronts: Record<string, string>;
  /** PEM text of the authority in `target.ca`. */
  ca?: string;
  config: Config;
  /** Keys of the config that the user gave; all others have their defaults. */
  given?: string[];
  /** The AUTH_SECRET that the app was given; missing when it was not started by us. */
  authSecret?: string;
  /** Folder that relative paths in the config are looked up from. */
  folder: string;
  /** Path of a Chromium executable and what it must be started with, or why there is none. */
  browser: { executablePath?: string; args: string[]; env?: Record<string, string>; missing?: string };
  connector: { name: string; config: Record<string, unknown> };
  /** The sign-in experience that people of this run meet; missing at a real tenant, whose settings are not ours. */
  signInExperience?: RunExperience;
  /** How slow this machine was when the run began (1: not at all); limits grow with it. */
  slowness: number;
  /** What the smoke sign-in showed; missing until it was made, or when none was. */
  usage?: Usage;
  /** What tells the sessions of guests, which the app gives to whoever comes by; missing where it gives none, or none that can be told. */
  guests?: Record<string, string>;
  /** What its sources and its build say of the paths it answers; missing when neither is at hand. */
  routes?: AppRoutes;
  /** The target's own output can be read (it was started by us). */
  hasLog: boolean;
  /** There when the issuer is a real Logto. */
  live?: LiveDescription;
}

/** A second app at the same tenant. */
export interface AlsoApp {
  app: AuthEndpoints;
  config: Config;
  /** The AUTH_SECRET that it was given; missing when it was not started by us. */
  authSecret?: string;
}

/** The lab as the second app sees it. */
export const labOfAlso = (lab: LabDescription, { app, config, authSecret }: AlsoApp): LabDescription => ({
  ...lab,
  app,
  config,
  authSecret,
  // They are of the first app.
  guests: undefined,
});

/** A sign-in experience by name and in full. */
export interface RunExperience {
  /** Name of a preset, or of the file that it was read from; `own` for one that stands in the config. */
  name: string;
  /** In one line, such as `sign-up and sign-in by phone and code`. */
  title: string;
  settings: SignInExperience;
}

/** What a run against a real issuer is able to do. */
export interface LiveDescription {
  abilities: Ability[];
  real: RealLogto;
  /** Requests a second that the app gets at most. */
  pace?: number;
  /** Where codes come from, in words. */
  codes: string;
}

/** An address that is answered with the page of another one, as Next.js writes both: `/papers/:year` and `/reports?year=:year`. */
export interface Alias {
  from: string;
  to: string;
  /** What a request has to hold besides. */
  has?: { place: 'query' | 'header' | 'cookie'; name: string; value: string }[];
}

/** Paths of an app that may need a session. */
export interface AppRoutes {
  /** A path with `[name]` or `:name` in it stands for many; `source` says where it was read. */
  paths: {
    path: string;
    source: string;
    /** Words in the source of a path with parameters, which it may compare them with. */
    values?: string[];
    /** What React Router calls the route. */
    id?: string;
    /** Parameters of the address that it reads. */
    parameters?: string[];
    /** It sends whoever asks to another address. */
    leads?: true;
    /** It takes cookies away, or ends a session, and draws no page. */
    endsSession?: true;
    /** It starts a preview of what is not published. */
    startsPreview?: true;
  }[];
  /**
   * Paths that take posts; `takesEvents` where their file reads events of Logto, or the signature of these, `fileFields` where it
   * reads a form with files.
   */
  posts?: { path: string; source: string; takesEvents?: true; fileFields?: string[] }[];
  /** What tells paths of the app and could not be read: a file, with its line where that is known. */
  unread?: string[];
  /** Addresses that its config answers with the page of another one. */
  aliases?: Alias[];
  /** Paths that its sources compare the beginning of an address with. */
  prefixes?: string[];
  /** Text files in the folders that are served as they are. */
  files?: string[];
  /** Texts that are written into its components, the same for everybody. */
  markup?: string[];
  /** Build id of a Next.js app. */
  buildId?: string;
  /** Languages that the app puts before its paths, as its build or its sources name them. */
  locales?: string[];
  /** Request headers of its own that its sources read. */
  headers?: string[];
  /** Cookies of its own that its sources read. */
  cookies?: string[];
  /** What its sources compare a parameter, a header or a cookie of a request with. */
  words?: { place: 'query' | 'header' | 'cookie'; name: string; value: string }[];
  /** Parameters of addresses that its sources read. */
  parameters?: string[];
  /** Paths that take PUT, PATCH or DELETE, where the sources name methods beside them. */
  writes?: string[];
  /** What its sources call the roles of its people. */
  roles?: string[];
  /** What its sources call the member whose a thing is. */
  owners?: string[];
  /** Procedures that it answers by their names (tRPC). */
  calls?: ProcedureCalls;
}

/** Every origin that an issuer of the lab has, as the app knows it or as it listens. */
export const issuerOriginsIn = ({
  publicIssuerOrigin,
  issuerOrigin,
  second,
}: Pick<LabDescription, 'publicIssuerOrigin' | 'issuerOrigin' | 'second'>): string[] => [
  publicIssuerOrigin,
  issuerOrigin,
  ...(second ? [second.publicIssuerOrigin, second.issuerOrigin] : []),
];

/** Environment variable that names the file with the lab description. */
export const LAB_FILE = 'CONFORMANCE_LAB';
/** Environment variable that names the file with facts for the report. */
export const FACTS_FILE = 'CONFORMANCE_LAB_FACTS';
/** Environment variable that says that a failure need not end the worker: our reporter alone tells the result. */
export const KEEP_WORKERS = 'CONFORMANCE_KEEP_WORKERS';
/**
 * Environment variable that says that the lab is still being started: whoever started Playwright will say `begin`. What
 * waits for it: `setup`, before a check is loaded; `loaded`, when checks are loaded, before a worker is started; or `workers`,
 * each in front of its first check.
 */
export const WAITS = 'CONFORMANCE_WAITS';
export type Waits = 'setup' | 'loaded' | 'workers';
/** Event of the process of Playwright when `begin` was said (reports/reporter.ts). */
export const BEGUN = 'conformance:begun';

/** Environment variable that makes browsers visible, and their steps wait for a person when it is `debug`. */
export const VISIBLE = 'CONFORMANCE_VISIBLE';
/** Environment variable that names the file to which each check is added as it ends, for a run whose suites are killed. */
export const LEARNED_FILE = 'CONFORMANCE_LEARNED';
