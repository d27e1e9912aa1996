import type { CommandWords, OptionWords } from "./command-words.js";

/** Text inside single quotes, and inside the brackets and colons of `_arguments`. */
function quoted(text: string): string {
  return text.replace(/[[\]:\\]/g, "\\$&").replaceAll("'", "'\\''");
}

function argumentSpecs({ names, argument, choices, description }: OptionWords): string[] {
  const values = choices.length > 0 ? `(${choices.join(" ")})` : "_files";
  const taken = argument === "" ? "" : `:${quoted(argument.replace(/[<>[\].]/g, ""))}:${values}`;
  return names.map((name) => `'*${name}[${quoted(description)}]${taken}'`);
}

export function zshScript(
  tool: string,
  commands: readonly CommandWords[],
  globals: readonly OptionWords[],
): string {
  return [
    `#compdef ${tool}`,
    `# zsh completion of ${tool}. Load it with: source <(${tool} completion zsh)`,
    `_${tool}() {`,
    "  local -a commands=(",
    ...commands.map(({ name, summary }) => `    '${name}:${quoted(summary)}'`),
    "  )",
    "  if (( CURRENT == 2 )); then",
    "    _describe -t commands command commands",
    "    return",
    "  fi",
    "  local command=$words[2]",
    "  shift words",
    "  (( CURRENT -= 1 ))",
    "  case $command in",
    "    help) _describe -t commands command commands ;;",
    ...commands.map((command) => {
      const specs = [...command.options, ...globals].flatMap(argumentSpecs);
      const { operandChoices } = command;
      const rest = operandChoices.length > 0 ? `(${operandChoices.join(" ")})` : "_files";
      return `    ${command.name}) _arguments ${[...specs, `'*:${command.operands}:${rest}'`].join(" \\\n      ")} ;;`;
    }),
    "  esac",
    "}",
    // Autoloaded from fpath the file is the function's body; sourced, it registers the function.
    `if [ "$funcstack[1]" = "_${tool}" ]; then _${tool} "$@"; else compdef _${tool} ${tool}; fi`,
    "",
  ].join("\n");
}
