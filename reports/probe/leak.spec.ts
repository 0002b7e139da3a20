/** An app that tells everything; see secrets.test.ts. */
import { writeFileSync } from 'node:fs';
import { test } from '@playwright/test';

const leak = process.env.PROBE_LEAK ?? '';

test('leak', {
  annotation: [
    {
      type: 'check',
      description: JSON.stringify({
        id: 'probe/leak',
        title: 'leaks',
        clauses: [],
        level: 'should',
        severity: 'minor',
        appMust: 'Be quiet.',
        otherwise: 'Harm.',
      }),
    },
  ],
}, async () => {
  const info = test.info();
  await info.attach('target-log', {
    body: JSON.stringify(leak.split('\n')),
    contentType: 'application/json',
  });
  await info.attach('notes', { body: leak, contentType: 'text/plain' });
  const file = info.outputPath('page.html');
  writeFileSync(file, leak);
  await info.attach('page', { path: file, contentType: 'text/html' });
  info.expectedStatus = 'failed';
  throw Object.assign(new Error(leak), { name: 'ConformanceFailure' });
});
