/** After so many milliseconds of work messages are looked at: nobody waits longer for a pause or the end. */
const TURN_MS = 40;

/** Lets messages in while a reading goes on, and holds it while it is paused. */
export class Gate {
  private held: Promise<void> | undefined;
  private open: (() => void) | undefined;
  private turnEnds = 0;
  private turn: Promise<void> | undefined;
  private readonly channel = new MessageChannel();

  pause(): void {
    this.held ??= new Promise((resolve) => {
      this.open = resolve;
    });
  }

  resume(): void {
    this.open?.();
    this.held = undefined;
    this.open = undefined;
  }

  /** Resolves at once most of the time; after a turn, when other messages have been seen; while paused, on resume. */
  async pass(): Promise<void> {
    if (performance.now() >= this.turnEnds) {
      // Several files are under way at once: all wait for the same turn.
      this.turn ??= this.nextTurn();
      await this.turn;
    }
    await this.held;
  }

  // A timer would wait four milliseconds.
  private nextTurn(): Promise<void> {
    return new Promise((resolve) => {
      this.channel.port1.onmessage = () => {
        this.turn = undefined;
        this.turnEnds = performance.now() + TURN_MS;
        resolve();
      };
      this.channel.port2.postMessage(0);
    });
  }
}
