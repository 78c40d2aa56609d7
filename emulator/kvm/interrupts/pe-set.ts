/**
 * PEs that something has happened to, in that order: a set of small numbers that is added to at every interrupt, several times as fast
 * as a Set. No state of the machine; it lives between two steps of it.
 */
export class PeSet {
  private readonly has: Uint8Array;
  private readonly order: number[] = [];

  /** @param count PEs there may be */
  constructor(count: number) {
    this.has = new Uint8Array(count);
  }

  get size(): number {
    return this.order.length;
  }

  add(pe: number): void {
    if (this.has[pe] === 1) return;
    this.has[pe] = 1;
    this.order.push(pe);
  }

  delete(pe: number): void {
    if (this.has[pe] === 0) return;
    this.has[pe] = 0;
    this.order.splice(this.order.indexOf(pe), 1);
  }

  clear(): void {
    for (const pe of this.order) this.has[pe] = 0;
    this.order.length = 0;
  }

  /** The PEs as they were added, at this moment. */
  list(): readonly number[] {
    return [...this.order];
  }
}
