import type { CommandEvent } from "../emulator/index.ts";

/** Commands of one statement that are kept; a queue that is started late may run 32,767 at once, line for line. */
const KEPT = 256;
const NO_EVENTS: readonly CommandEvent[] = [];

/** The commands that ITSs took from their queues during a statement: all are counted, the first ones and the last one are kept. */
export class CommandLog {
  /** Made with its first event: a list that begins empty and grows has room for seventeen, and most lines have one command. */
  private kept: CommandEvent[] | undefined;
  private total = 0;

  add(event: CommandEvent): void {
    if (this.kept === undefined) this.kept = [event];
    else if (this.total < KEPT) this.kept.push(event);
    else this.kept[KEPT - 1] = event;
    this.total++;
  }

  get count(): number {
    return this.total;
  }

  /** In order; of more than {@link KEPT} the first ones and the last. */
  get events(): readonly CommandEvent[] {
    return this.kept ?? NO_EVENTS;
  }

  get last(): CommandEvent | undefined {
    return this.kept?.at(-1);
  }
}
