/** Every error that ends a run, in the three lines of the others. */
import path from 'node:path';
import { ROOT, VERSION } from '../config/defaults.ts';
import { ConformanceError, type ConformanceErrorParts, wordsOf } from '../errors.ts';

/** Errors of the reports have the same parts, and a class of their own. */
const partsOf = (error: unknown): ConformanceErrorParts | undefined => {
  const parts = (error as { parts?: Partial<ConformanceErrorParts> } | undefined)?.parts;
  return parts?.code && parts.what && parts.expected && parts.remedy
    ? (parts as ConformanceErrorParts)
    : undefined;
};

/** `file:line` where an error arose, when that is neither ours nor a library's. */
function placeOutside(stack: string | undefined): string | undefined {
  const [, first] = /^ +at .*?((?:file:|\/|[A-Z]:\\)[^()]*:\d+):\d+\)?$/m.exec(stack ?? '') ?? [];
  if (!first) return undefined;
  const file = first.startsWith('file:') ? decodeURI(first.slice('file://'.length)) : first;
  const isOurs = file.startsWith(`${ROOT}${path.sep}`) && !file.startsWith(path.join(ROOT, 'fixtures'));
  return isOurs || file.includes(`${path.sep}node_modules${path.sep}`)
    ? undefined
    : file.replace(/\?[^:]*/, '');
}

/** The error itself when somebody foresaw it; else CONF_DEFECT, which shows where it happened on demand. */
export function foreseen(error: unknown): ConformanceError {
  if (error instanceof ConformanceError) return error;
  const parts = partsOf(error);
  if (parts) return new ConformanceError(parts);
  const { message, stack } = error instanceof Error ? error : new Error(wordsOf(error));
  const place = placeOutside(stack);
  if (place)
    return new ConformanceError({
      code: 'CONF_OWN_CODE_FAILED',
      what: `${place} threw what nobody caught: ${message}`,
      expected: 'that what a config imports, an own connector or an own check throws is caught there',
      remedy: `mend ${place}.`,
    });
  return new ConformanceError({
    code: 'CONF_DEFECT',
    what: `${message}${process.env.CONFORMANCE_DEBUG ? `\n${stack}` : ''}`,
    expected: `that this never happens (authjs-conformance ${VERSION}, ${path.basename(process.execPath)} ${process.version}, ${process.platform})`,
    remedy:
      'run it again with CONFORMANCE_DEBUG=1, which shows where it happened, and report that as a defect of authjs-conformance.',
  });
}
