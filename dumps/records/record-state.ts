import type { LineScan } from "../hex-text/line-scan.ts";
import type { ProblemList } from "../problem.ts";

/** What records said before the line that is read: what is added to their addresses, how many there were. */
export class RecordState {
  private base = 0;
  /** Line of a damaged record that may have said another base; 0: there is none. */
  private lostAt = 0;
  private count = 0;

  /** Makes the address of a record with bytes whole, or takes what another record says. A record that cannot be placed is made junk. */
  take(scan: LineScan, line: number, problems: ProblemList): void {
    switch (scan.kind) {
      case "base":
        this.base = scan.addressLow;
        this.lostAt = 0;
        this.count = 0;
        return;
      case "count":
        if (scan.addressLow !== this.count) {
          const message = `The record counts ${scan.addressLow} records with bytes, but there are ${this.count}: some are missing.`;
          problems.add("GIC-DUMP-SUM", line, scan.addressStart, message);
        }
        this.count = 0;
        return;
      case "junk":
        this.count++;
        if (scan.losesBase) this.lostAt = line;
        return;
      case "data":
        this.count++;
        if (this.lostAt > 0)
          scan.reject(0, `line ${this.lostAt}, which is damaged, may have said the upper bits of its address`);
        else scan.addressLow += this.base;
    }
  }
}
