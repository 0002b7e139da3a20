/** Reads suites/ledger and says what is wrong with it; the reports read what is made of it, `reports/ledger.json`. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { readGiven } from '../../reports/given-file.ts';
import { EXCLUSIONS, type LedgerSource } from '../../reports/ledger.ts';
import { clauses } from '../check/clauses.ts';
import { fits } from '../check/selection.ts';
import { ROOT } from '../config/defaults.ts';

/** What must hold for a reason to be true; each is looked up, none believed. */
const conditions = z
  .strictObject({
    noCheck: z.string().optional().describe('glob that no id of a check fits'),
    noCitation: z.string().optional().describe('beginning of a clause that no check cites'),
    metadataLacks: z.string().optional().describe('member that the discovery document of Logto lacks'),
    libraryLacks: z.string().optional().describe('text that stands nowhere in @auth/core and next-auth v4'),
  })
  .refine((each) => Object.keys(each).length > 0, 'a reason needs something that makes it untrue');

const entry = z.strictObject({
  number: z.string(),
  duty: z.string().regex(/^[A-Z].*\.$|\)\.$/, 'a duty is a sentence'),
  checks: z.array(z.string()).default([]),
  /** Every check that cites this clause judges the duty as well. */
  clause: z
    .string()
    .refine((key) => key in clauses, 'no such clause in harness/check/clauses.ts')
    .optional(),
  gap: z.string().optional(),
  excluded: z.enum(EXCLUSIONS).optional(),
  reason: z.string().optional(),
  while: conditions.optional(),
});
const file = z.strictObject({
  source: z.string(),
  title: z.string(),
  url: z.url(),
  duties: z.array(entry).min(1),
});

type LedgerFile = z.output<typeof file>;
type Checks = readonly { id: string; clauses: readonly string[] }[];

/** What is true of the world outside the catalogue. */
export interface World {
  /** Members of the discovery document. */
  metadata: ReadonlySet<string>;
  /** All sources of the Auth.js packages. */
  library: string;
}

/** The sources in the order in which they are told: protocols, then security, then products. */
const ORDER = [
  'rfc9700',
  'oidc-core',
  'oidc-discovery',
  'rfc8414',
  'rfc9207',
  'logout',
  'asvs',
  'nist',
  'oauth',
  'formats',
  'attacks',
  'professos',
  'mcp',
  'cheat-sheets',
  'authjs',
  'logto',
  'twilio',
];

/** What a file of the ledger says; the parser refuses aliases that multiply, and keys that stand twice. */
function parsed(place: string): unknown {
  try {
    return parse(readGiven(place));
  } catch (error) {
    throw new Error(`suites/ledger/${path.basename(place)}\n${(error as Error).message.split('\n')[0]}`);
  }
}

/** The ledger as it is written, one file for each source. */
export function readLedger(folder = path.join(ROOT, 'suites', 'ledger')): LedgerFile[] {
  const place = ({ source }: LedgerFile) => (ORDER.indexOf(source) + ORDER.length + 1) % (ORDER.length + 1);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => {
      const read = file.safeParse(parsed(path.join(folder, name)));
      if (!read.success) throw new Error(`suites/ledger/${name}\n${z.prettifyError(read.error)}`);
      return read.data;
    })
    .sort((a, b) => place(a) - place(b));
}

type Entry = LedgerFile['duties'][number];

const idsOf = ({ checks, clause }: Entry, catalogue: Checks): string[] =>
  catalogue
    .filter(
      (check) => checks.some((glob) => fits(glob, check.id)) || (clause && check.clauses.includes(clause)),
    )
    .map(({ id }) => id);

/** The ledger with the ids that its globs and clauses stand for. */
export const resolveLedger = (ledger: readonly LedgerFile[], catalogue: Checks): LedgerSource[] =>
  ledger.map(({ duties, ...source }) => ({
    ...source,
    duties: duties.map((each) => ({
      number: each.number,
      duty: each.duty,
      checks: each.excluded ? [] : idsOf(each, catalogue),
      ...(each.excluded && { excluded: each.excluded, reason: each.reason }),
      ...(each.gap && { gap: each.gap }),
    })),
  }));

/**
 * What is wrong with the ledger: duties with neither check nor reason, checks that stand for no duty, names that stand
 * for no check, and reasons that have become untrue.
 *
 * @param world left out, reasons that rest on it are not looked at
 */
export function troubleIn(ledger: readonly LedgerFile[], catalogue: Checks, world?: World): string[] {
  const named = new Set<string>();
  const told = ledger.flatMap(({ source, duties }) => {
    const twice = duties.filter(
      ({ number }, at) => duties.findIndex((each) => each.number === number) !== at,
    );
    return [
      ...twice.map(({ number }) => `${source} ${number} stands there twice`),
      ...duties.flatMap((each) => {
        const name = `${source} ${each.number}`;
        for (const id of each.excluded ? [] : idsOf(each, catalogue)) named.add(id);
        return [...shapeTrouble(each, name, catalogue), ...untrue(each, name, catalogue, world)];
      }),
    ];
  });
  return [
    ...told,
    ...catalogue.filter(({ id }) => !named.has(id)).map(({ id }) => `${id} stands for no duty of the ledger`),
  ];
}

function shapeTrouble(each: Entry, name: string, catalogue: Checks): string[] {
  if (each.excluded) {
    if (each.checks.length || each.clause) return [`${name} is excluded, and has checks`];
    return each.reason && each.while ? [] : [`${name} is excluded without a reason that can become untrue`];
  }
  const unknown = each.checks.filter((glob) => !catalogue.some(({ id }) => fits(glob, id)));
  return [
    ...unknown.map((glob) => `${name} names ${glob}, which is no check`),
    ...(unknown.length || idsOf(each, catalogue).length ? [] : [`${name} has neither a check nor a reason`]),
  ];
}

function untrue({ while: holds, excluded }: Entry, name: string, catalogue: Checks, world?: World): string[] {
  if (!excluded || !holds) return [];
  const { noCheck, noCitation, metadataLacks, libraryLacks } = holds;
  const check = noCheck && catalogue.find(({ id }) => fits(noCheck, id));
  const citing =
    noCitation &&
    catalogue.find(({ clauses: cited }) =>
      cited.some((clause) => clause === noCitation || clause.startsWith(`${noCitation}.`)),
    );
  return [
    check && `${check.id} is a check now`,
    citing && `${citing.id} cites ${noCitation}`,
    metadataLacks && world?.metadata.has(metadataLacks) && `Logto announces ${metadataLacks}`,
    libraryLacks && world?.library.includes(libraryLacks) && `Auth.js knows ${libraryLacks}`,
  ].flatMap((fact) => (fact ? [`${name} is excluded (${excluded}), and ${fact}: name its checks`] : []));
}
