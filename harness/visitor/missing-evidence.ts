import type { TestInfo } from '@playwright/test';

/** Says beside the evidence of a check that a part of it could not be had; it changes no verdict. */
export const noteMissing = (info: Pick<TestInfo, 'attachments'>, what: string, reason: string): void =>
  void info.attachments.push({
    name: `no ${what}`,
    body: Buffer.from(reason),
    contentType: 'text/plain',
  });
