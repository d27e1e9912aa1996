import { FlowError } from "../errors.js";
import { printable } from "../model/printable.js";
import { TOOL } from "../report/tool.js";
import { EXIT_FAULT, EXIT_INPUT } from "./exit-code.js";

/** What the user is told of a failure, and the exit code it gives. */
export interface Failure {
  readonly text: string;
  readonly exitCode: number;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === "string";
}

/** Sentence, cause and advice for what was foreseen; a report to send us for what was not. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof FlowError) {
    const hint = error.hint === undefined ? "" : `  hint: ${printable(error.hint)}\n`;
    const excerpt = error.excerpt.map((line) => `    ${printable(line)}\n`).join("");
    const text = `${TOOL.name}: ${printable(error.message)} (${error.code})\n${excerpt}${hint}`;
    return { text, exitCode: EXIT_INPUT };
  }
  // The operating system refused: a full disk, a missing permission. Not ours, and its message names the file.
  if (isSystemError(error))
    return { text: `${TOOL.name}: ${printable(error.message)}\n`, exitCode: EXIT_INPUT };
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const shown = stack.split("\n").map(printable).join("\n    ");
  const text =
    `${TOOL.name}: this is a fault of ${TOOL.name} itself, not of your input.\n` +
    "  Please report it with the command line, the version and the lines below; they hold no log data\n" +
    "  beyond what the first line may quote.\n" +
    `    ${TOOL.name} ${TOOL.version}, Node ${process.version}, ${process.platform} ${process.arch}\n` +
    `    ${shown}\n`;
  return { text, exitCode: EXIT_FAULT };
}
