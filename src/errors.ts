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

/** A FlowError as it travels between threads: a clone loses its class. */
export interface ErrorParts {
  readonly code: string;
  /** Without the place in front. */
  readonly message: string;
  readonly at?: string;
  readonly hint?: string;
}

export function errorParts({ code, message, at, hint }: FlowError): ErrorParts {
  const prefix = at === undefined ? "" : `${at}: `;
  return {
    code,
    message: message.slice(prefix.length),
    ...(at === undefined ? {} : { at }),
    ...(hint === undefined ? {} : { hint }),
  };
}

export function errorOfParts({ code, message, ...where }: ErrorParts): FlowError {
  return new FlowError(code, message, where);
}
