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
  private readonly canWait: (request: T) => boolean;
  private readonly answer: (request: T) => Promise<void>;

  constructor(canWait: (request: T) => boolean, answer: (request: T) => Promise<void>) {
    this.canWait = canWait;
    this.answer = answer;
  }

  add(request: T): void {
    this.waiting.push(request);
    if (!this.isRunning) void this.run();
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    while (this.waiting.length > 0) {
      if (this.nextAtOnce() < 0) await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
      const next = this.nextAtOnce();
      const [request] = this.waiting.splice(next < 0 ? this.waiting.length - 1 : next, 1);
      await this.answer(request!);
    }
    this.isRunning = false;
  }

  private nextAtOnce(): number {
    return this.waiting.findIndex((request) => !this.canWait(request));
  }
}
