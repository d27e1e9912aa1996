import { FlowError } from "../../errors.js";

/** What went wrong, in the words of the command line. */
export interface Trouble {
  readonly message: string;
  readonly hint: string;
  /** Not the user's doing. */
  readonly isFault: boolean;
}

export function troubleOf(error: unknown): Trouble {
  if (error instanceof FlowError)
    return { message: error.message, hint: error.hint ?? "", isFault: error.code === "fault" };
  return { message: String(error), hint: "reload the page and try again", isFault: true };
}
