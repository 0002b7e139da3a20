/** The report's schema: what `report.json` holds, for readers that are not ours. Published as `report.schema.json`. */
import { z } from 'zod';
import { check, position, time, verdict } from './check-schema.ts';
import type { Report } from './model.ts';

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
          directories: z.array(z.string()).optional(),
          profiles: z.array(z.string()).optional(),
          namedOrigins: z.array(z.string()).optional(),
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
