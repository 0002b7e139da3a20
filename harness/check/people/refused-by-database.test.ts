import { expect, it } from 'vitest';
import { REFUSED_BY_DATABASE } from './refused-by-database.ts';

const column = (line: string) => REFUSED_BY_DATABASE.exec(line)?.slice(1).find(Boolean);

it.each([
  ['SQLite', 'SqliteError: NOT NULL constraint failed: User.email', 'email'],
  [
    'PostgreSQL',
    'error: null value in column "email" of relation "users" violates not-null constraint',
    'email',
  ],
  ['MySQL', "Error: Column 'name' cannot be null", 'name'],
  ['Prisma, before it asks', 'Argument `email` must not be null.', 'email'],
  ['Prisma, before it asks, with a type', 'Argument `email` of type String is missing.', 'email'],
  ['Prisma', 'Null constraint violation on the fields: (`email`)', 'email'],
  ['Mongoose', 'ValidationError: User validation failed: email: Path `email` is required.', 'email'],
  ['SQL Server', "Cannot insert the value NULL into column 'email', table 'dbo.User'", 'email'],
])('names the column of %s', (_database, line, wanted) => {
  expect(column(`[auth][cause]: ${line}`)).toBe(wanted);
});

it('is quiet about other errors', () => {
  expect(REFUSED_BY_DATABASE.test('UNIQUE constraint failed: User.email')).toBe(false);
  expect(REFUSED_BY_DATABASE.test('[auth][error] OAuthAccountNotLinked')).toBe(false);
});
