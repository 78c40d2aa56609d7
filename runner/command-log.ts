import type { CommandEvent } from "../emulator/index.ts";

/** Commands of one statement that are kept; a queue that is started late may run 32,767 at once, line for line. */
const KEPT = 256;

/** The commands that ITSs took from their queues during a statement: all are counted, the first ones and the last one are kept. */
export class CommandLog {
  private readonly kept: CommandEvent[] = [];
  private total = 0;

  add(event: CommandEvent): void {
    if (this.total < KEPT) this.kept.push(event);
    else this.kept[KEPT - 1] = event;
    this.total++;
  }

  get count(): number {
    return this.total;
  }

  /** In order; of more than {@link KEPT} the first ones and the last. */
  get events(): readonly CommandEvent[] {
    return this.kept;
  }

  get last(): CommandEvent | undefined {
    return this.kept.at(-1);
  }
}
