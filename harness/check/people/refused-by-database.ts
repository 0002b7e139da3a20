/** An adapter's database that keeps nobody without a value in each column, as it says so in the log of the app. */

/** How databases, and what stands before them, say that a column must not be empty; the column is in one of the groups. */
export const REFUSED_BY_DATABASE =
  /[^\n]*(?:NOT NULL constraint failed: [\w".]*?\b(\w+)"?(?![\w.])|null value in column "(\w+)"|Column '(\w+)' cannot be null|Argument `(\w+)`(?: of type \S+)? (?:must not be null|is missing)|Null constraint violation on the fields?: \(`(\w+)`\)|Path `(\w+)` is required|cannot insert the value NULL into column '(\w+)')[^\n]*/i;
