// What the process says when it ends, like diff and grep: 1 is an answer, 2 and up are not.

/** Done, and no gate failed. */
export const EXIT_OK: number = 0;
/** A gate failed, or what was to be proved is not so. */
export const EXIT_GATE: number = 1;
/** Bad usage or bad input: what could be read was still answered where the message says so. */
export const EXIT_INPUT: number = 2;
/** Our fault. */
export const EXIT_FAULT: number = 3;
/** Ended by Ctrl-C (128 + SIGINT). */
export const EXIT_INTERRUPTED: number = 130;
