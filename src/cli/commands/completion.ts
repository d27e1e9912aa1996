import { Argument, type Command } from "commander";
import { SHELLS, type Shell } from "../completion/shells.js";
import { EXIT_OK } from "../exit-code.js";
import type { Launch } from "../program.js";

const EXAMPLES = `
Examples:
  source <(flowverdict completion bash)                    # in ~/.bashrc
  source <(flowverdict completion zsh)                     # in ~/.zshrc, after compinit
  flowverdict completion fish > ~/.config/fish/completions/flowverdict.fish`;

/** `completion`: the script that completes commands and options in a shell. */
export function addCompletionCommand(program: Command, launch: Launch): void {
  const command = program
    .command("completion")
    .summary("print the completion script of a shell")
    .description("Prints the script that completes commands, options and their words in a shell.")
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS));
  command.addHelpText("after", EXAMPLES).action((shell: Shell) =>
    launch(command, async (terminal) => {
      const { completionScript } = await import("../completion/completion-script.js");
      await terminal.write(completionScript(shell, program));
      return EXIT_OK;
    }),
  );
}
