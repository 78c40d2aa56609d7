/** LPIs of QEMU have 16 bits. */
const LPI_END = 65536;
/** Changes that are kept; of guests that change priorities more often, the first ones. */
const MAX_CHANGES = 1_000_000;

interface Stretch {
  /** Last line that shows this priority before another one is shown. */
  last: number;
  readonly priority: number;
}

/**
 * Priorities with which a trace shows each LPI as the highest priority pending interrupt, by line. The property table is in guest memory
 * and in no trace: this is all that is known of it.
 */
export class PriorityRecord {
  private readonly stretches = new Map<number, Stretch[]>();
  private changes = 0;

  /** @param line numbers do not fall from one call to the next */
  add(intid: number, line: number, priority: number): void {
    const known = this.stretches.get(intid);
    if (known === undefined) {
      if (intid < LPI_END) this.stretches.set(intid, [{ last: line, priority }]);
      return;
    }
    const latest = known[known.length - 1];
    if (latest.priority === priority) latest.last = line;
    else if (this.changes++ < MAX_CHANGES) known.push({ last: line, priority });
  }

  /** LPIs that were seen with a priority. */
  get intids(): Iterable<number> {
    return this.stretches.keys();
  }

  get size(): number {
    return this.stretches.size;
  }

  /** Priority that the next update from a line on shows for an LPI, else the last one did. Undefined when there is none at all. */
  at(intid: number, line: number): number | undefined {
    const known = this.stretches.get(intid);
    return (known?.find(({ last }) => last >= line) ?? known?.at(-1))?.priority;
  }
}
