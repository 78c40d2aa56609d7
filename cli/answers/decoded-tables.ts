import type { DumpDocument } from "../../dumps/document.ts";
import type { DumpSection } from "../../dumps/hex-text/hints.ts";
import { MAX_ENTRIES } from "../../dumps/limits.ts";
import type { TablePlan } from "../../dumps/tables/section-tables.ts";
import type { DecodedTable } from "../../dumps/tables/table.ts";
import { finish } from "../../dumps/work.ts";
import { errors } from "../errors.ts";

/** A decoded table and what belongs to it. */
export interface ShownTable {
  readonly table: DecodedTable;
  readonly section: DumpSection | undefined;
  /** What is to be said about it because of the dump that it is in. */
  readonly notes: readonly string[];
  /** Other readings that make as much sense, a sentence each. */
  readonly doubts: readonly string[];
}

/**
 * The tables of a dump, each decoded when its turn comes and forgotten after it. One that cannot be is reported, and the others go on; the
 * only one ends the command.
 */
export class DecodedOneByOne implements Iterable<ShownTable> {
  private readonly file: string;
  private readonly document: DumpDocument;
  private readonly plans: readonly TablePlan[];
  private readonly say: (line: string) => void;
  private failed = 0;
  private doubts = 0;
  private leftOut: TablePlan[] = [];

  /** @param say is told of tables that cannot be decoded */
  constructor(file: string, document: DumpDocument, plans: readonly TablePlan[], say: (line: string) => void) {
    this.file = file;
    this.document = document;
    this.plans = plans;
    this.say = say;
  }

  /** @throws CliError when the only table cannot be decoded */
  *[Symbol.iterator](): Generator<ShownTable> {
    for (const plan of this.plans) {
      if (plan.leftOut !== undefined) {
        this.leftOut.push(plan);
        continue;
      }
      const { result, section, notes, doubts, name } = finish(plan.decode());
      if (result.ok) {
        this.doubts += doubts.length;
        yield { table: result.table, section, notes, doubts };
        continue;
      }
      const failure = errors.noTable(this.file, `no ${name}: ${result.message}`);
      if (this.plans.length === 1) throw failure;
      this.failed++;
      this.say(`gicwb: ${failure.message} [${failure.code}]`);
    }
  }

  /** 0 when all tables were shown, 1 when one could not be decoded, 3 when another reading makes as much sense. @throws CliError that says what was left out */
  exitCode(): 0 | 1 | 3 {
    const [first] = this.leftOut;
    if (first !== undefined) {
      const line = first.section?.line ?? 1;
      throw errors.leftOut(this.file, this.leftOut.length, line, MAX_ENTRIES);
    }
    const [limit] = this.document.limits;
    if (limit !== undefined) throw errors.dumpLimit(this.file, limit.line, limit.message);
    if (this.failed > 0) return 1;
    return this.doubts > 0 ? 3 : 0;
  }
}
