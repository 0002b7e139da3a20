/** Which remedies a check points at. Pure. */
import { answers } from './answers.ts';
import { messages } from './messages.ts';
import type { Remedy } from './remedy.ts';
import { requests } from './requests.ts';
import { sessions } from './sessions.ts';

export type { Remedy } from './remedy.ts';

/** All remedies; earlier ones are preferred among equals. */
export const remedies: readonly Remedy[] = [...requests, ...sessions, ...answers, ...messages];

const names = (pattern: string, id: string) =>
  pattern.endsWith('*') ? id.startsWith(pattern.slice(0, -1)) : pattern === id;

/** A pattern that names less stands nearer to the check. */
const nearness = (remedy: Remedy, id: string) =>
  Math.max(...remedy.checks.filter((pattern) => names(pattern, id)).map((pattern) => (pattern === id ? 1_000 : pattern.length)));

/** Remedies of a check, the nearest first. */
export const remediesFor = (id: string): Remedy[] =>
  remedies
    .filter(({ checks }) => checks.some((pattern) => names(pattern, id)))
    .toSorted((a, b) => nearness(b, id) - nearness(a, id));
