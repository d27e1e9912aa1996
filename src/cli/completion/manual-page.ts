// The manual page in man(7) macros. No date: the same version prints the same bytes.

import type { Command } from "commander";
import { TOOL } from "../../report/tool.js";
import { type CommandWords, commandWords, globalWords, type OptionWords } from "./command-words.js";

/** Text as troff takes it literally: its escape sign, its hyphens, and control signs at the start of a line. */
function literal(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^(?=[.'])/gm, "\\&");
}

function asIs(text: string): string {
  return `.nf\n${literal(text)}\n.fi`;
}

function optionItem({ names, argument, choices, description }: OptionWords): string {
  const flags = names.map((name) => `\\fB${literal(name)}\\fR`).join(", ");
  const taken = argument === "" ? "" : ` \\fI${literal(argument)}\\fR`;
  const allowed = choices.length === 0 ? "" : ` One of ${choices.join(", ")}.`;
  return `.TP\n${flags}${taken}\n${literal(`${description}.${allowed}`)}`;
}

function commandSection(command: CommandWords): string {
  const operands = command.operands === "" ? "" : ` ${command.operands}`;
  return [
    `.SS "${literal(command.name)}${literal(operands)}"`,
    literal(command.description),
    ...command.options.map(optionItem),
    ...(command.after === "" ? [] : [".PP", asIs(command.after)]),
  ].join("\n");
}

/** The page for `man`, section 1, made of the command tree. */
export function manualPage(program: Command): string {
  const commands = commandWords(program);
  return `${[
    `.TH ${TOOL.name.toUpperCase()} 1 "" "${TOOL.name} ${TOOL.version}" "User Commands"`,
    ".SH NAME",
    `${TOOL.name} \\- judge VPC flow logs by security groups, statefully and offline`,
    ".SH SYNOPSIS",
    `\\fB${TOOL.name}\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR]`,
    ".SH DESCRIPTION",
    literal(program.description()),
    ".SH OPTIONS",
    ...globalWords(program).map(optionItem),
    ".SH COMMANDS",
    ...commands.map(commandSection),
    ".SH FILES",
    `.TP\n\\fI${literal("flowverdict.config.json")}\\fR`,
    literal("Defaults of options, read from the working folder; docs/FORMATS.md describes it."),
    ".SH ENVIRONMENT",
    `.TP\n\\fBNO_COLOR\\fR, \\fBFORCE_COLOR\\fR\nTurn colours off, or on where no terminal reads.`,
    ".SH EXIT STATUS",
    "0 done; 1 a gate failed; 2 usage or input; 3 a fault of the program; 130 interrupted.",
  ].join("\n")}\n`;
}
