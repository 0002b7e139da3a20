/**
 * What a fault is: one named, pure change to the healthy value that a mock is about to send.
 *
 * A fault is keyed `stage/defect`. Its stage says which healthy value it is given, and nothing else is
 * touched. The tables live beside the mock that owns them (`logto/faults/`, `twilio/faults.ts`), `faults.ts` gathers them.
 */

/** An HTTP answer before it is written. A string body is sent as it is, anything else as JSON. */
export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
  /** How it travels: never answered, connection reset, or dripped slowly over about `slowMs`. */
  wire?: 'hang' | 'reset' | 'slow';
  slowMs?: number;
}

/** An ID token before it is signed. `signer` says which key signs, `damage` what happens to the result. */
export interface IdTokenDraft {
  header: Record<string, unknown>;
  payload: Record<string, unknown>;
  signer: 'issuer' | 'other-issuer' | 'rogue-key' | 'client-secret' | 'public-key' | 'none' | 'rs256';
  /** The public part of the key that signs is put into the header: as it is, or in a certificate (RFC 7515 §4.1.3, §4.1.6). */
  embedsKey?: 'jwk' | 'x5c';
  /** A member that stands in the payload a second time, before the one that counts for most readers. */
  twice?: [name: string, value: unknown];
  damage?: 'corrupt-signature' | 'empty-signature' | 'tampered-payload' | 'garbage';
}

/** The parameters that the authorization response carries back to the redirect URI, in order. */
export interface AuthorizationAnswer {
  params: [name: string, value: string][];
}

/** A text message on its way to the phone. `deliveries` are the copies that arrive: when, to whom, with which text. */
export interface Delivery {
  deliveries: {
    to: string;
    body: string;
    delayMs: number /** Held until the next message to the same number arrived. */;
    afterNext?: boolean;
  }[];
  /** The last status; `errorCode` goes with failed and undelivered. */
  status: 'delivered' | 'undelivered' | 'failed';
  errorCode: number | null;
}

/** What a fault may look at besides the healthy value. */
export interface FaultContext {
  issuer: string;
  clientId: string;
  redirectUri: string;
  /** Seconds since the epoch. */
  now: number;
  /** Another issuer that the app knows, and the app's client id there; missing where the lab has one issuer. */
  other?: { issuer: string; clientId: string; kid: string; alg: string };
}

export interface Fault<Value> {
  /** What the mock does wrong, in a clause that reads after "the issuer" or "the carrier". */
  title: string;
  distort(healthy: Readonly<Value>, context: FaultContext): Value;
}
