// The order in which requests are answered: one after the other as they came, but what nobody waits for behind the rest.

/** How long nothing else may have been asked before what can wait is begun, ms: it is not interrupted then. */
const QUIET_MS = 150;

/**
 * Answers requests one at a time. Those that can wait are overtaken by all others, begin when nothing was asked for a
 * while, and go newest first: an edit that comes behind them wants its impact at once.
 */
export class RequestQueue<T> {
  private readonly waiting: T[] = [];
  private isRunning = false;
  /** Ends the wait for quiet. */
  private wake: () => void = () => undefined;
  private readonly canWait: (request: T) => boolean;
  private readonly answer: (request: T) => Promise<void>;

  constructor(canWait: (request: T) => boolean, answer: (request: T) => Promise<void>) {
    this.canWait = canWait;
    this.answer = answer;
  }

  add(request: T): void {
    this.waiting.push(request);
    this.wake();
    if (!this.isRunning) void this.run();
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    while (this.waiting.length > 0) {
      const next = this.nextAtOnce();
      if (next < 0 && !(await this.staysQuiet())) continue;
      const [request] = this.waiting.splice(next < 0 ? this.waiting.length - 1 : next, 1);
      await this.answer(request!);
    }
    this.isRunning = false;
  }

  private staysQuiet(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(true), QUIET_MS);
      this.wake = () => {
        clearTimeout(timer);
        resolve(false);
      };
    });
  }

  private nextAtOnce(): number {
    return this.waiting.findIndex((request) => !this.canWait(request));
  }
}
