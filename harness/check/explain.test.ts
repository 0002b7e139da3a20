import { describe, expect, it } from 'vitest';
import { explanation } from './explain.ts';
import { shippedEntries } from './shipped-catalogue.ts';

describe('explain', () => {
  it('tells duty, harm, clause, place and how to run it', async () => {
    const text = await explanation('id-token/expired');
    expect(text).toMatch(
      /^id-token\/expired: the app refuses an ID token that has expired\n\nThe app must: /,
    );
    expect(text).toMatch(/\nClauses: {6}OpenID Connect Core 1\.0.*\n {14}https:/);
    expect(text).toMatch(/\nDeclared in: {2}suites\/id-token\.spec\.ts:\d+\n/);
  });
  it('tells every check of the catalogue, those of tables too', async () => {
    const ids = [...new Map(shippedEntries().map(({ suite, id }) => [suite, id])).values()];
    for (const id of ids) expect(await explanation(id)).toContain(`authjs-conformance run ${id}`);
  });
  it('refuses an id that nobody declares, with the one it looks like', { timeout: 60_000 }, async () =>
    expect(explanation('id-token/expird')).rejects.toThrow(
      /CONF_CHECK_UNKNOWN[\s\S]*did you mean id-token\/expired\?/,
    ),
  );
});
