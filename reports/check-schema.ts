/** The schema of one check of a report, with its exchanges. */
import { z } from 'zod';
import type { Sighting } from '../mocks/journal.ts';
import { VERDICT_NAMES } from './verdict-names.ts';

export const verdict = z.enum(VERDICT_NAMES);
const lane = z.enum(['browser', 'app', 'issuer', 'carrier', 'harness']);
const headers = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const message = z.object({ headers, body: z.unknown() });
export const position = z.number().int().min(0);
/** Readers make a date of it. */
export const time = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'is no ISO 8601 time');

const exchange = z
  .object({
    seq: position.describe('position on the time line, from 1'),
    at: time.describe('ISO 8601 time of the request'),
    durationMs: z.number().min(0),
    scope: z.string().nullable(),
    from: lane,
    to: lane,
    method: z.string(),
    url: z.string().describe('redacted'),
    status: z.number().int().nullable().describe('null when the connection hung or was reset'),
    request: message,
    response: message,
    faults: z.array(z.string()).describe('faults that changed this exchange'),
    facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    sightings: z
      .array(
        z.object({
          kind: z.string() as unknown as z.ZodType<Sighting['kind']>,
          side: z.enum(['request', 'response']),
          where: z.enum(['body', 'address', 'header', 'cookie', 'script cookie', 'elsewhere']),
          form: z.enum(['as it is', 'percent-encoded', 'base64', 'hexadecimal']),
          owner: z.string().nullable().describe('fingerprint of the person whose it is'),
          print: z.string().describe('fingerprint of the value'),
          isHint: z
            .literal(true)
            .optional()
            .describe('an ID token that stands there as id_token_hint of an address, and nowhere else'),
          around: z
            .string()
            .optional()
            .describe('what stands around the name of somebody else, where the kept body was cut before it'),
          times: z
            .number()
            .optional()
            .describe('how often a name stands in the body, where it does more than once'),
          entry: z
            .object({
              at: z.string().describe('where in the tree of the page, and the kind of the addresses'),
              of: z.number().describe('how many people are linked from such places'),
            })
            .optional()
            .describe(
              'a name or id of a person that stands in links to pages of people, and nowhere else on a page',
            ),
        }),
      )
      .optional()
      .describe('what was given out, and seen in this exchange'),
    entitled: z
      .array(z.string())
      .optional()
      .describe('fingerprints of the people whom the request spoke for'),
  })
  .describe('one request and its answer, redacted');

export const check = z
  .object({
    id: z.string().describe('suite/slug, stable'),
    title: z.string().describe('reads after "the app"'),
    clauses: z.array(z.string()).describe('keys of `clauses`'),
    level: z.enum(['must', 'should', 'may']),
    severity: z.enum(['critical', 'serious', 'moderate', 'minor']),
    fault: z.string().optional().describe('the deviation that the mocks were told to make'),
    appMust: z.string(),
    otherwise: z.string(),
    fix: z.string().optional(),
    needs: z.array(z.string()).optional(),
    uses: z.array(z.string()).optional().describe('what of the mocks it uses beyond a sign-in'),
    provisional: z.boolean().optional(),
    provokes: z.boolean().optional().describe('it does what no healthy sign-in does, without a fault'),
    formerly: z.array(z.string()).optional().describe('ids of older versions'),
    cwe: z.number().int().optional().describe('number of the weakness (CWE)'),
    suite: z.string(),
    verdict,
    message: z.string().optional().describe('what the app did, or why nothing can be said'),
    offending: z
      .array(z.object({ what: z.string(), value: z.string(), seq: position.optional() }))
      .optional()
      .describe('the header, parameter or claim that the message is about'),
    detail: z.string().optional(),
    durationMs: z.number().min(0),
    startedAt: time,
    file: z.string(),
    line: position,
    retries: position,
    steps: z.array(
      z.object({ name: z.string(), outcome: z.string(), ok: z.boolean(), from: position, to: position }),
    ),
    exchanges: z.array(exchange).describe('empty where they stand in `evidence`'),
    log: z.array(z.string()).describe("the target's own output while the check ran"),
    attachments: z.array(
      z.object({
        name: z.string(),
        contentType: z.string(),
        path: z.string().optional().describe("relative to the report's folder"),
      }),
    ),
    rerun: z.string().describe('command that runs this check alone'),
    known: z.string().optional().describe('reason given in the known-failures file'),
    notScored: z.literal(true).optional().describe('the profile of the run does not name it'),
    asvs: z.array(z.string()).optional().describe('rows of OWASP ASVS 5.0.0 that it stands for'),
  })
  .describe('one check and its verdict');

/** What was packed. */
export const evidence = z.array(
  z.object({ id: z.string(), exchanges: z.array(exchange), log: z.array(z.string()) }),
);
