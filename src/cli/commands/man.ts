import type { Command } from "commander";
import { EXIT_OK } from "../exit-code.js";
import type { Launch } from "../program.js";

const EXAMPLES = `
Example:
  flowverdict man | man -l -`;

/** `man`: the manual page of this version. */
export function addManCommand(program: Command, launch: Launch): void {
  const command = program
    .command("man")
    .summary("print the manual page")
    .description("Prints the manual page, with all commands and options, for man.");
  command.addHelpText("after", EXAMPLES).action(() =>
    launch(command, async (terminal) => {
      const { manualPage } = await import("../completion/manual-page.js");
      await terminal.write(manualPage(program));
      return EXIT_OK;
    }),
  );
}
