/** What to change in an app: one entry for each cause that several checks may share. */

/** A way to mend an app. Snippets are for Auth.js v5 and everything on @auth/core, unless `v4` says otherwise. */
export interface Remedy {
  /** Stable name, which causes are grouped by. */
  key: string;
  /** What is wrong, as a heading: `callbacks.redirect lets other sites through`. */
  cause: string;
  /** Path of the option of Auth.js that decides, such as `callbacks.redirect`; missing where it is no option. */
  option?: string;
  /** What to do, in a sentence or two; `{library}` stands for the Auth.js package that the app has. */
  fix: string;
  /** The harm, where what was seen is another one than the check is there for. */
  otherwise?: string;
  /** Code as it is often written. */
  before?: string;
  /** Code as it should be. */
  after?: string;
  /** The same for next-auth v4, where it differs. */
  v4?: { before?: string; after?: string };
  /** What a check must say it saw, where the same check may show other causes, too. */
  when?: RegExp;
  /** What a check must not say that it saw: then it shows another cause. */
  unless?: RegExp;
  /** What a check says that shows this cause whatever it is about: then the remedy is the nearest, and else it is none. */
  saw?: RegExp;
  /** Checks that show this cause: ids, or the begin of ids with `*` at the end. */
  checks: readonly string[];
  /** Checks that see what this cause lets out, and show nothing of it where none of `checks` is broken. */
  seenBy?: readonly string[];
}
