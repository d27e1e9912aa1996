// The command tree as words: what completion scripts and the manual page are made of.

import type { EventEmitter } from "node:events";
import type { Command, Option } from "commander";

export interface OptionWords {
  /** `-f`, `--format`: short forms first. */
  readonly names: readonly string[];
  /** `<format>` as the help shows it; empty where the option takes nothing. */
  readonly argument: string;
  /** The words allowed, where they are a closed list. */
  readonly choices: readonly string[];
  readonly description: string;
}

export interface CommandWords {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  /** `LOGS...` as the help shows it; empty where only options are taken. */
  readonly operands: string;
  /** Words allowed as operand, where they are a closed list. */
  readonly operandChoices: readonly string[];
  readonly options: readonly OptionWords[];
  /** What stands below the options in the help: examples and remarks. */
  readonly after: string;
}

function optionWords(option: Option): OptionWords {
  const { short, long, flags, argChoices, description } = option;
  return {
    names: [short, long].filter((name) => name !== undefined),
    argument: /[<[][^>\]]*[>\]]/.exec(flags)?.[0] ?? "",
    choices: argChoices ?? [],
    description,
  };
}

/** The text that `addHelpText("after", ...)` keeps, which commander, an emitter untold by its types, hands out alone here. */
function textAfterHelp(command: Command): string {
  let text = "";
  const write = (part: string): void => {
    text += part;
  };
  (command as unknown as EventEmitter).emit("afterHelp", { error: false, command, write });
  return text.trim();
}

/** The options that every command takes. */
export function globalWords(program: Command): readonly OptionWords[] {
  return program.options.filter(({ hidden }) => !hidden).map(optionWords);
}

/** Every command that does something, in the order of the help. */
export function commandWords(program: Command): readonly CommandWords[] {
  return program.commands.map((command) => ({
    name: command.name(),
    summary: command.summary(),
    description: command.description(),
    operands: command.registeredArguments
      .map((argument) => {
        const name = `${argument.name().toUpperCase()}${argument.variadic ? "..." : ""}`;
        return argument.required ? name : `[${name}]`;
      })
      .join(" "),
    operandChoices: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    options: command.options.filter(({ hidden }) => !hidden).map(optionWords),
    after: textAfterHelp(command),
  }));
}
