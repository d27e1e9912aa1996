#!/usr/bin/env node
import { TOOL } from "../report/tool.js";
import { EXIT_OK } from "./exit-code.js";
import { describeFailure } from "./failure.js";

/** A reader that left (`| head`) ends us quietly; whatever was to be said has no listener. */
function endOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(EXIT_OK);
  throw error;
}

function fail(error: unknown): never {
  const failure = describeFailure(error);
  process.stderr.write(failure.text);
  process.exit(failure.exitCode);
}

process.stdout.on("error", endOnClosedPipe);
process.stderr.on("error", endOnClosedPipe);
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);

const words = process.argv.slice(2);
if (words.length === 1 && (words[0] === "--version" || words[0] === "-V")) {
  // What scripts ask before anything else: loading every command would take as long as Node itself.
  process.stdout.write(`${TOOL.version}\n`);
} else {
  const { runProgram } = await import("./program.js");
  const exitCode = await runProgram(words);
  // An input that was abandoned half way (stdin after Ctrl-C) must not keep the process alive; all data is written.
  process.exit(exitCode);
}
