import type { CommandWords, OptionWords } from "./command-words.js";

/** A word list inside double quotes; names and choices of ours hold nothing that bash would expand. */
function reply(words: readonly string[]): string {
  return `COMPREPLY=($(compgen -W "${words.join(" ")}" -- "$current")); return`;
}

function choiceCases(command: CommandWords, all: readonly OptionWords[]): string[] {
  return all
    .filter(({ choices }) => choices.length > 0)
    .map(({ names, choices }) => {
      const patterns = names.map((name) => `"${command.name} ${name}"`).join("|");
      return `    ${patterns}) ${reply(choices)} ;;`;
    });
}

/** What is neither option nor closed list is left to bash, which completes files. */
export function bashScript(
  tool: string,
  commands: readonly CommandWords[],
  globals: readonly OptionWords[],
): string {
  const all = (command: CommandWords): OptionWords[] => [...command.options, ...globals];
  const names = commands.map(({ name }) => name);
  const operands = commands.filter(({ operandChoices }) => operandChoices.length > 0);
  return [
    `# bash completion of ${tool}. Load it with: source <(${tool} completion bash)`,
    `_${tool}() {`,
    // bash hands over the word at hand and the one before it as $2 and $3. Nothing here is newer than bash 3.2 (macOS).
    `  local current="$2" previous="$3" command="\${COMP_WORDS[1]}"`,
    "  COMPREPLY=()",
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    ${reply([...names, "help", ...globals.flatMap((option) => option.names)])}`,
    "  fi",
    `  if [ "$command" = help ]; then ${reply(names)}; fi`,
    '  case "$command $previous" in',
    ...commands.flatMap((command) => choiceCases(command, all(command))),
    "  esac",
    '  case "$command $current" in',
    ...commands.map((command) => {
      const words = all(command).flatMap((option) => option.names);
      return `    "${command.name} -"*) ${reply(words)} ;;`;
    }),
    ...operands.map(({ name, operandChoices }) => `    "${name} "*) ${reply(operandChoices)} ;;`),
    "  esac",
    "}",
    `complete -o bashdefault -o default -F _${tool} ${tool}`,
    "",
  ].join("\n");
}
