// The options of a configuration file become arguments, so that commander checks them as it does what is typed.

import type { Command, Option } from "commander";
import { FlowError } from "../../errors.js";
import { type Config, type ConfigOptions, type ConfigValue, readConfig } from "./read-config.js";

/** What stands before `--`: the part that may hold options. */
function optionPart(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf("--");
  return end < 0 ? argv : argv.slice(0, end);
}

/** What `--config` and `--no-config` say: a path, `false`, or `undefined` where neither is given. */
function configOption(argv: readonly string[]): string | false | undefined {
  let said: string | false | undefined;
  const part = optionPart(argv);
  for (const [index, word] of part.entries()) {
    if (word === "--no-config") said = false;
    else if (word === "--config") said = part[index + 1];
    else if (word.startsWith("--config=")) said = word.slice("--config=".length);
  }
  return said;
}

function isTyped(option: Option, argv: readonly string[]): boolean {
  const { long, short } = option;
  const takesValue = option.required || option.optional;
  return argv.some(
    (word) =>
      word === long ||
      word === short ||
      (takesValue && long !== undefined && word.startsWith(`${long}=`)) ||
      (takesValue && short !== undefined && word.startsWith(short) && !word.startsWith("--")),
  );
}

function optionsOf(command: Command): readonly Option[] {
  return [...command.options, ...(command.parent?.options ?? [])];
}

/** `--json` says `--format`: `implied` is public in commander, but not in its types. */
function impliedBy(option: Option): object {
  return (option as Option & { implied?: object }).implied ?? {};
}

/** Whether the command line itself says something of this option: its name, its negation, or one that implies it. */
function isSaid(name: string, command: Command, argv: readonly string[]): boolean {
  return optionsOf(command).some(
    (option) =>
      (option.attributeName() === name || Object.hasOwn(impliedBy(option), name)) &&
      isTyped(option, argv),
  );
}

function wordsFor(option: Option, value: ConfigValue, at: string): readonly string[] {
  const flag = option.long!;
  const takesValue = option.required || option.optional;
  if (typeof value === "boolean") {
    if (takesValue)
      throw new FlowError("config-invalid", `${flag} takes a value`, {
        at,
        hint: "write a text, a number or a list of texts",
      });
    return value === option.negate ? [] : [flag];
  }
  if (!takesValue)
    throw new FlowError("config-invalid", `${flag} takes no value`, {
      at,
      hint: "write true or false",
    });
  const values = (Array.isArray(value) ? value : [value]).map(String);
  // With `=`, a value that begins with a hyphen stays a value.
  return values.map((text) => `${flag}=${text}`);
}

function optionNamed(command: Command, name: string): Option | undefined {
  return optionsOf(command).find((option) => option.long?.replace(/^--(no-)?/, "") === name);
}

function refuseUnknown(config: Config, program: Command): void {
  const known = (name: string, commands: readonly Command[]): boolean =>
    commands.some((command) => optionNamed(command, name) !== undefined);
  const check = (options: ConfigOptions, at: string, commands: readonly Command[]): void => {
    for (const name of Object.keys(options))
      if (name === "config" || !known(name, commands))
        throw new FlowError("config-invalid", "no such option", {
          at: `${config.path}: ${at}.${name}`,
          hint: "write the option's long name without its hyphens, as flowverdict help COMMAND shows it",
        });
  };
  check(config.defaults, "defaults", program.commands);
  for (const [name, options] of Object.entries(config.commands)) {
    const command = program.commands.find((candidate) => candidate.name() === name);
    if (command === undefined)
      throw new FlowError("config-invalid", "no such command", {
        at: `${config.path}: commands.${name}`,
        hint: `allowed are ${program.commands.map((candidate) => candidate.name()).join(", ")}`,
      });
    check(options, `commands.${name}`, [command]);
  }
}

/** The words that the configuration adds; what is typed wins. Throws `config-invalid` where it names what does not exist. */
function configWords(
  argv: readonly string[],
  command: Command,
  config: Config,
  program: Command,
): readonly string[] {
  refuseUnknown(config, program);
  const part = optionPart(argv);
  const own = config.commands[command.name()] ?? {};
  const words: string[] = [];
  for (const [name, value] of Object.entries({ ...config.defaults, ...own })) {
    const option = optionNamed(command, name);
    if (option === undefined || isSaid(option.attributeName(), command, part)) continue;
    words.push(...wordsFor(option, value, `${config.path}: ${name}`));
  }
  return words;
}

/** The command that is called, where it takes options and not merely its help is wanted. */
function calledCommand(argv: readonly string[], program: Command): Command | undefined {
  const part = optionPart(argv);
  if (part.includes("--help") || part.includes("-h")) return undefined;
  const named = (word: string): Command | undefined =>
    program.commands.find((candidate) => candidate.name() === word);
  const command = part.map(named).find((candidate) => candidate !== undefined);
  return command !== undefined && command.options.length > 0 ? command : undefined;
}

/**
 * The command line with the options of `--config FILE`, or of `flowverdict.config.json` in the working folder, where it
 * says nothing of them itself; `note` is told which. Throws where the file cannot be read or names what does not exist.
 */
export async function withConfig(
  argv: readonly string[],
  program: Command,
  note: (text: string) => void,
): Promise<readonly string[]> {
  const said = configOption(argv);
  const command = calledCommand(argv, program);
  if (said === false || command === undefined) return argv;
  const config = await readConfig(said);
  if (config === undefined) return argv;
  const words = configWords(argv, command, config, program);
  if (words.length > 0) note(`note: ${config.path} adds ${words.join(" ")}`);
  const part = optionPart(argv);
  return [...part, ...words, ...argv.slice(part.length)];
}
