/** One exchange as it really was, for as long as its check runs: what laws look for is found in it, then it is forgotten. */
import type { Exchange } from '../../mocks/journal.ts';

export interface RawExchange {
  /** The redacted entry that stays. */
  exchange: Exchange;
  url: string;
  request: { headers: Record<string, string | string[]>; body: string | null };
  response: { headers: Record<string, string | string[]>; body: string };
}
