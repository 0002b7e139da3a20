/** The report's schema: what `report.json` holds, for readers that are not ours. Published as `report.schema.json`. */
import { z } from 'zod';
import type { Sighting } from '../mocks/journal.ts';
import type { Report } from './model.ts';
import { putBack, unpack } from './packed.ts';
import { visibleIn } from './visible.ts';

const verdict = z.enum(['pass', 'fail', 'warn', 'note', 'not applicable', 'not judged', 'blocked', 'error']);
const lane = z.enum(['browser', 'app', 'issuer', 'carrier', 'harness']);
const headers = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const message = z.object({ headers, body: z.unknown() });
const position = z.number().int().min(0);
/** Readers make a date of it. */
const time = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'is no ISO 8601 time');

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

const check = z
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
const evidence = z.array(
  z.object({ id: z.string(), exchanges: z.array(exchange), log: z.array(z.string()) }),
);

const finding = z.object({
  code: z.string(),
  what: z.string(),
  expected: z.string(),
  remedy: z.string(),
  key: z.string().optional(),
});

export const reportSchema = z
  .object({
    schema: z.literal('urn:authjs-conformance:report:1'),
    version: z.literal(1),
    tool: z.object({ name: z.string(), version: z.string() }),
    startedAt: time,
    durationMs: z.number().min(0),
    target: z.object({
      name: z.string(),
      origin: z.string().optional(),
      basePath: z.string().optional(),
      provider: z.string().optional(),
      library: z.string().optional(),
      ways: z
        .array(z.object({ id: z.string(), name: z.string(), type: z.string() }))
        .optional()
        .describe('every way into a session that the app lists at /providers'),
      also: z
        .object({ name: z.string(), origin: z.string(), library: z.string() })
        .optional()
        .describe('the second app at the same tenant, which suite sso judges, too'),
      framework: z.string().optional(),
      devServer: z.string().optional().describe('the development server that the app was run by'),
      versions: z.record(z.string(), z.string()),
      features: z.array(z.string()),
      declared: z
        .object({
          issuerOrigins: z.array(z.string()),
          features: z.array(z.string()),
          scopes: z.array(z.string()).optional(),
          userMembers: z.array(z.string()),
          sessionMembers: z.array(z.string()),
          sessionCookie: z.string().optional(),
          lacks: z.record(z.string(), z.string()).optional().describe('what the lab could not do, and why'),
        })
        .optional()
        .describe('what the config declares of the app'),
      nobodySignsIn: z.string().optional().describe('why nobody can sign in to the app'),
      authFile: z.string().optional(),
      options: z
        .record(z.string(), z.object({ file: z.string(), line: position }))
        .optional()
        .describe('where options of Auth.js stand in the sources'),
    }),
    environment: z.object({
      node: z.string(),
      platform: z.string(),
      browser: z.string().optional(),
      ci: z.string().optional(),
      commit: z.string().optional(),
    }),
    connector: z
      .object({
        name: z.string(),
        version: z.string(),
        templates: z.record(z.string(), z.enum(['covered', 'missing', 'falls back to Generic'])),
        flows: z.record(z.string(), z.string()).optional().describe('usage type → the flow that sends it'),
        sent: z
          .array(
            z.object({
              connector: z.string(),
              kind: z.string(),
              type: z.string(),
              count: position,
              by: z.array(z.string()).describe('ids of the checks that they were sent in'),
            }),
          )
          .optional()
          .describe('what was sent in the run, by connector and usage type'),
      })
      .optional(),
    result: z
      .enum(['conformant', 'passed in part', 'not conformant', 'not judged'])
      .describe('conformant is said of a whole run only'),
    exitCode: z.union([z.literal(0), z.literal(1), z.literal(2)]),
    strict: z.boolean(),
    profile: z
      .object({ name: z.string(), title: z.string(), frozen: z.boolean(), checks: position })
      .optional()
      .describe('what counts for conformant'),
    counts: z.record(verdict, position),
    checks: z.array(check),
    evidence: z
      .object({
        checks: position.describe('checks whose evidence is packed'),
        encoding: z.literal('brotli, base64'),
        packed: z.string().describe('JSON: a list of `id` of a check, its `exchanges` and `log`'),
      })
      .optional()
      .describe(
        'evidence of the checks that passed, noted or were not asked; that of others stands beside their verdict',
      ),
    causes: z
      .array(
        z.object({
          key: z.string().describe('name of the remedy'),
          title: z.string(),
          option: z.string().optional().describe('option of Auth.js that decides'),
          fix: z.string(),
          before: z.string().optional(),
          after: z.string().optional(),
          file: z.string().optional(),
          line: position.optional(),
          verdict,
          severity: z.enum(['critical', 'serious', 'moderate', 'minor']),
          checks: z.array(z.string()).describe('ids, worst first'),
        }),
      )
      .optional()
      .describe('failures and warnings by what causes them, worst first'),
    clauses: z.record(z.string(), z.object({ label: z.string(), url: z.string() })),
    findings: z.array(finding),
    advisories: z
      .array(
        z.object({
          id: z.string().describe('GHSA id'),
          cve: z.string().optional(),
          severity: z.enum(['critical', 'high', 'medium', 'low']),
          package: z.string(),
          version: z.string(),
          fixed: z.string().optional().describe('first version of the same line without it'),
          summary: z.string(),
          source: z.string(),
          shows: z.array(z.string()).optional().describe('checks that show it in an app'),
          notJudged: z.string().optional().describe('why no app can be judged for it from outside'),
        }),
      )
      .optional()
      .describe('published advisories of the versions of the app'),
    usage: z
      .array(
        z.object({
          feature: z.string(),
          seen: z.enum(['yes', 'no', 'unknown']).describe('whether the smoke sign-in showed it'),
          claimed: z.enum(['yes', 'no', 'never']).describe('never: there is no such claim'),
          judged: z.boolean(),
          note: z.string().optional(),
          finding: finding.optional().describe('where claim and wire differ and it matters'),
        }),
      )
      .optional()
      .describe('what the config claims, what the wire showed, what was judged'),
    coverage: z
      .array(
        z.object({
          source: z.string(),
          title: z.string(),
          url: z.string(),
          duties: position,
          kept: position.describe('every check that was judged passed'),
          notKept: position.describe('a check failed, warned or noted'),
          notJudged: position,
          excluded: position.describe('has no check, for a reason that the ledger tells'),
        }),
      )
      .optional()
      .describe('duties by source, as the ledger counts them'),
    live: z
      .object({
        issuer: z.string(),
        codes: z.string().describe('where the one-time codes came from'),
        judged: position.describe('checks and laws that could be judged'),
        of: position,
        not: z.array(z.object({ count: position, why: z.string() })),
      })
      .optional()
      .describe('there when the issuer was a real Logto'),
    loosened: z
      .array(z.object({ key: z.string(), what: z.string() }))
      .optional()
      .describe('what the config makes easier to pass, or leaves out'),
    targetLog: z.array(z.string()),
    scope: z
      .object({
        kind: z.enum(['whole', 'selection', 'quick', 'shard']),
        select: z.array(z.string()).optional().describe('what was asked for'),
        shard: z.object({ current: z.number().int().min(1), total: z.number().int().min(1) }).optional(),
        ran: position.describe('checks in this report'),
        of: position.describe('checks that there are'),
      })
      .describe('which part of the catalogue was judged; only a whole run is a certification'),
    comparedWith: z
      .object({
        startedAt: time,
        better: z.array(z.string()),
        worse: z.array(z.string()),
        added: z.array(z.string()),
        gone: z.array(z.string()),
      })
      .optional(),
  })
  .describe('A conformance report of authjs-conformance');

/** Fails to compile when the schema and the model drift apart. */
const _model: (report: z.infer<typeof reportSchema>) => Report = (report) => report;
const _schema: (report: Report) => z.input<typeof reportSchema> = (report) => report;
void _model;
void _schema;

/** The schema as JSON Schema 2020-12. */
export const jsonSchema = (): object => ({
  ...z.toJSONSchema(reportSchema, { io: 'input' }),
  $id: 'urn:authjs-conformance:report:1',
  title: 'authjs-conformance report, version 1',
});

/** A report file that cannot be used; the message has three lines. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
  readonly parts: { code: string; what: string; expected: string; remedy: string };
  constructor(given: ReportError['parts']) {
    const parts = visibleIn(given);
    super(`${parts.code}: ${parts.what}\n  Expected: ${parts.expected}\n  Do: ${parts.remedy}`);
    this.parts = parts;
  }
}

/**
 * Reads a report from the text of `report.json`.
 *
 * @param name shown in errors, such as the path
 * @param options.evidence false for who asks for verdicts only: what is packed stays away
 * @throws ReportError CONF_REPORT_UNREADABLE or CONF_REPORT_VERSION
 */
export function parseReport(
  text: string,
  name = 'report.json',
  { evidence: isWanted = true }: { evidence?: boolean } = {},
): Report {
  const unreadable = (what: string) =>
    new ReportError({
      code: 'CONF_REPORT_UNREADABLE',
      what: `${name} ${what}`,
      expected: 'a report.json that `npx authjs-conformance run` wrote',
      remedy: 'give the path of such a file, or run again.',
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unreadable(`is no JSON: ${(error as Error).message}`);
  }
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version !== 1) {
    throw new ReportError({
      code: 'CONF_REPORT_VERSION',
      what: `${name} is a report of version ${version}`,
      expected: 'version 1',
      remedy: 'use the version of authjs-conformance that wrote it.',
    });
  }
  // Reports of older versions know no such verdict.
  const counts = (value as { counts?: Record<string, number> } | null)?.counts;
  if (counts && typeof counts === 'object') counts['not judged'] ??= 0;
  const parsed = reportSchema.safeParse(value);
  if (!parsed.success)
    throw unreadable(`is no report:\n${z.prettifyError(parsed.error).split('\n').slice(0, 12).join('\n')}`);
  const { evidence: kept, ...report } = parsed.data;
  if (!kept || !isWanted) return visibleIn(report);
  const told = packedIn(kept.packed);
  if (!told.success) throw unreadable(`holds evidence that cannot be unpacked: ${told.why}`);
  return visibleIn({ ...report, checks: putBack(report.checks, told.data) });
}

/** The evidence in its shape, or why there is none. */
function packedIn(
  text: string,
): { success: true; data: z.infer<typeof evidence> } | { success: false; why: string } {
  try {
    const parsed = evidence.safeParse(unpack(text));
    if (parsed.success) return parsed;
    return { success: false, why: z.prettifyError(parsed.error).split('\n').slice(0, 2).join(' ') };
  } catch (error) {
    return { success: false, why: (error as Error).message };
  }
}
