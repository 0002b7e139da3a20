/** Opens the source of codes that the config names. */
import type { Config } from '../../config/config.ts';
import { demandCredential } from '../credentials.ts';
import type { Wire } from '../wire.ts';
import { byCommand, byPrompt } from './by-hand.ts';
import { captureClient } from './capture-client.ts';
import { startCapture } from './capture-server.ts';
import type { CodeSource, Deliver } from './source.ts';
import { twilioList } from './twilio-list.ts';

/** Milliseconds between Logto's post and the message in our inbox: it comes before Logto answers the browser. */
const CAPTURE_MS = 15_000;

export interface SourceOptions {
  live: Config['live'];
  deliver: Deliver;
  /** The token that the tenant's connector is known to send, when none is in the environment. */
  token?: string;
  wire?: Wire;
  progress?(text: string): void;
}

/** @throws ConformanceError with the code of whatever is missing */
export async function openCodeSource({
  live,
  deliver,
  token: known,
  wire,
  progress = () => {},
}: SourceOptions): Promise<CodeSource> {
  const { codeFrom, capture } = live;
  if (codeFrom === 'twilio') return twilioList({ origin: live.twilio }, deliver, wire);
  if (codeFrom === 'prompt') return byPrompt(deliver);
  if (codeFrom !== 'capture') return byCommand(codeFrom, deliver);
  const token =
    known ?? (await demandCredential('captureToken', 'the token that the http-sms connector of Logto sends'));
  if (capture.url) return captureClient({ url: capture.url, token }, deliver, wire);
  const served = await startCapture({
    ...capture,
    token,
    deliver,
    refused: (reason) => progress(`the capture endpoint refused a post: ${reason}`),
  });
  progress(`the capture endpoint for Logto's http-sms connector is ${served.origin}`);
  return {
    name: `the capture endpoint ${served.origin}`,
    tellsType: true,
    tellsText: false,
    messageMs: CAPTURE_MS,
    close: served.close,
  };
}
