/** How the page comes by the core: the file of the package, or the bytes inside the script. */
export type CoreFrom = "file" | "inline";

/** What the server hands out under inputs.json. */
export interface Inputs {
  readonly rules: readonly { readonly name: string; readonly text: string }[];
  readonly logs: readonly { readonly name: string; readonly url: string }[];
}

/** What the page, and the command line, make of the inputs. */
export interface Answer {
  readonly csv: string;
  readonly summary: string;
}

declare global {
  function judge(coreFrom: CoreFrom): Promise<Answer>;
}
