import type { CommandWords, OptionWords } from "./command-words.js";

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}

function optionLine(tool: string, where: string, option: OptionWords): string {
  const names = option.names.map((name) =>
    name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
  );
  const { argument, choices } = option;
  const values = choices.length > 0 ? ` -xa ${quoted(choices.join(" "))}` : " -r";
  const taken = argument === "" ? "" : values;
  return `complete -c ${tool}${where} ${names.join(" ")}${taken} -d ${quoted(option.description)}`;
}

export function fishScript(
  tool: string,
  commands: readonly CommandWords[],
  globals: readonly OptionWords[],
): string {
  const first = " -n __fish_use_subcommand";
  return [
    `# fish completion of ${tool}. Load it with: ${tool} completion fish | source`,
    `complete -c ${tool}${first} -f`,
    ...commands.map(
      ({ name, summary }) => `complete -c ${tool}${first} -a ${name} -d ${quoted(summary)}`,
    ),
    ...globals.map((option) => optionLine(tool, "", option)),
    ...commands.flatMap((command) => {
      const where = ` -n ${quoted(`__fish_seen_subcommand_from ${command.name}`)}`;
      const { operandChoices } = command;
      const operands =
        operandChoices.length > 0
          ? [`complete -c ${tool}${where} -f -a ${quoted(operandChoices.join(" "))}`]
          : [];
      return [...operands, ...command.options.map((option) => optionLine(tool, where, option))];
    }),
    "",
  ].join("\n");
}
