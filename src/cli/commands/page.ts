import type { Command } from "commander";
import type { Launch } from "../program.js";

/** The options of `page` as commander hands them over. */
export interface PageFlags {
  readonly output?: string;
}

const EXAMPLES = `
Examples:
  flowverdict page > flowverdict.html      one file, everything in it: open it in a browser, offline
  flowverdict page -o flowverdict.html

The page reads files where they lie and judges them with the same core. Its content security policy forbids every
connection, and it counts the requests it makes: none.`;

/** `page`: the same engine for a browser, as one file. */
export function addPageCommand(program: Command, launch: Launch): void {
  const command = program
    .command("page")
    .summary("the same engine as one HTML file")
    .description("Writes the page: one HTML file that judges logs in a browser and sends nothing.")
    .option("-o, --output <file>", "write it there; `-` is stdout, the default")
    .addHelpText("after", EXAMPLES)
    .action((flags: PageFlags) =>
      launch(command, async (terminal) => {
        const { runPage } = await import("../page/run-page.js");
        return runPage(flags, terminal);
      }),
    );
}
