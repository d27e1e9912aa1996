/**
 * The one error class of the program. `code` is stable and kebab-case, `at` says where, `message` says what was found
 * and what is allowed, `hint` what to do. Anything else that is thrown is our bug (exit 3).
 */
export class FlowError extends Error {
  readonly code: string;
  readonly at: string | undefined;
  readonly hint: string | undefined;
  /** What was found and, below it, marks under the place; lines of one width. */
  readonly excerpt: readonly string[];

  constructor(
    code: string,
    message: string,
    where: { at?: string; hint?: string; excerpt?: readonly string[] } = {},
  ) {
    super(where.at === undefined ? message : `${where.at}: ${message}`);
    this.name = "FlowError";
    this.code = code;
    this.at = where.at;
    this.hint = where.hint;
    this.excerpt = where.excerpt ?? [];
  }
}
