import { EXIT_INTERRUPTED } from "./exit-code.js";
import type { Terminal } from "./terminal.js";

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Gives Ctrl-C back to the system. */
  dispose(): void;
}

/** The first Ctrl-C asks the run to stop and say what it knows, the second ends the process at once. */
export function watchInterrupt(terminal: Terminal): Interrupt {
  const controller = new AbortController();
  const onInterrupt = (): void => {
    if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED);
    terminal.say("stopping; Ctrl-C again ends at once");
    controller.abort();
  };
  process.on("SIGINT", onInterrupt);
  return {
    signal: controller.signal,
    dispose: () => process.off("SIGINT", onInterrupt),
  };
}

/** Runs what writes all or nothing: Ctrl-C ends it with nothing written. Gives the exit code. */
export async function allOrNothing(
  terminal: Terminal,
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const interrupt = watchInterrupt(terminal);
  try {
    return await work(interrupt.signal);
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    terminal.say("interrupted: nothing is written");
    return EXIT_INTERRUPTED;
  } finally {
    interrupt.dispose();
  }
}
