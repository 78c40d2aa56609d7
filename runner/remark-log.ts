import type { Remark } from "../emulator/index.ts";

/** A remark of a statement, and how often it was made. */
export interface CountedRemark {
  readonly remark: Remark;
  readonly count: number;
}

/** The remarks that a machine makes during one statement: each kind once, with its count, however many commands earn it. */
export class RemarkLog {
  private counted: Map<string, { remark: Remark; count: number }> | undefined;

  add(remark: Remark): void {
    const key = remark.kind === "unpredictable" ? remark.rule : `${remark.code}`;
    this.counted ??= new Map();
    const known = this.counted.get(key);
    if (known === undefined) this.counted.set(key, { remark, count: 1 });
    else known.count++;
  }

  get empty(): boolean {
    return this.counted === undefined;
  }

  get all(): Iterable<CountedRemark> {
    return this.counted?.values() ?? [];
  }
}
