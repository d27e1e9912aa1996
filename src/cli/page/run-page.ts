// The work of `page`: hands out the file that the build made.

import { readFile } from "node:fs/promises";
import { FlowError } from "../../errors.js";
import { writeAtomically } from "../../node/index.js";
import type { PageFlags } from "../commands/page.js";
import { EXIT_OK } from "../exit-code.js";
import type { Terminal } from "../terminal.js";

// From where the build puts the command line: dist/cli.
const PAGE = new URL("../page/flowverdict.html", import.meta.url);

/** Runs `page` and gives its exit code; what was refused is thrown. */
export async function runPage({ output = "-" }: PageFlags, terminal: Terminal): Promise<number> {
  if (output === "-" && terminal.outIsTty)
    throw new FlowError(
      "page-to-terminal",
      "the page is a file for a browser, not for a terminal",
      {
        hint: "flowverdict page > flowverdict.html",
      },
    );
  const page = await builtPage();
  if (output === "-") await terminal.write(page);
  else await writeAtomically(output, page);
  return EXIT_OK;
}

async function builtPage(): Promise<Uint8Array> {
  try {
    return await readFile(PAGE);
  } catch {
    throw new FlowError("page-missing", "the page is not part of this build", {
      hint: "npm run build makes it; the published package has it",
    });
  }
}
