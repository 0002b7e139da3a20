/** The mark of everything that this process starts. */
import { randomBytes } from 'node:crypto';

export const RUN_MARK = `${process.pid}-${randomBytes(9).toString('hex')}`;

let count = 0;

/** A mark for one thing that is started. */
export const nextMark = (): string => {
  count += 1;
  return `${RUN_MARK}.${count}`;
};
