import type { Command } from "commander";
import { TOOL } from "../../report/tool.js";
import { bashScript } from "./bash-script.js";
import { commandWords, globalWords } from "./command-words.js";
import { fishScript } from "./fish-script.js";
import type { Shell } from "./shells.js";
import { zshScript } from "./zsh-script.js";

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** The script that teaches a shell the commands, options and words of this very version. */
export function completionScript(shell: Shell, program: Command): string {
  return SCRIPTS[shell](TOOL.name, commandWords(program), globalWords(program));
}
