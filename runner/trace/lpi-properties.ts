import { FIRST_LPI } from "../../architecture/index.ts";
import { numberIn, type TraceEvent } from "./event.ts";
import type { PriorityRecord } from "./priority-record.ts";
import type { TraceTarget } from "./target.ts";

const PROPBASER = 0x70;
const PROPBASER_ADDRESS = 0xf_ffff_ffff_f000n;
const DISABLE_SECURITY = 1n << 6n;
const ENABLE_GROUP1 = 1n << 1n;
const ENABLED = 1;
const IDLE = 0xff;

/**
 * The property table of LPIs: priority and enable bit of each, which the guest keeps in memory and no line shows. What is given to the
 * machine is what the trace implies:
 * - an LPI has the priority that its next HPPI update shows, and is enabled; one that no update ever shows is not;
 * - it is disabled from the moment at which it became pending, or was looked at by an INV, and the update of that moment shows
 *   something less urgent, until an update shows it again or an INV or INVALL makes the ITS look again.
 */
export class LpiProperties {
  /** LPIs with a property of their own, and moments at which one was found to be disabled. */
  given = 0;
  disabled = 0;
  private readonly target: TraceTarget;
  private readonly priorities: PriorityRecord;
  private readonly bytes = new Map<number, number>();
  private table: number | undefined;

  constructor(target: TraceTarget, priorities: PriorityRecord) {
    this.target = target;
    this.priorities = priorities;
  }

  /** Before the machine is given an input: what the lines that follow from it say. */
  beforeInput(input: TraceEvent, effects: readonly TraceEvent[]): void {
    for (const event of effects) {
      const { name } = event.spec;
      if (name === "gicv3_cpuif_update" && isLpiUpdate(event))
        this.show(numberIn(event, "intid"), numberIn(event, "priority"));
      else if (name === "gicv3_its_cmd_invall") this.renewAll(event.line);
    }
    if (effects.some(({ spec }) => spec.name === "gicv3_its_ite_read")) this.findDisabled(input, effects);
  }

  /** After a redistributor's register was written: the table may lie elsewhere now. */
  afterRedistributorWrite(pe: number): void {
    const register = this.target.read({ pe }, PROPBASER, 8) ?? 0n;
    const table = Number(register & PROPBASER_ADDRESS);
    if (table === this.table || table === 0) return;
    const first = this.table === undefined;
    this.table = table;
    if (first) this.renewAll(0);
    else for (const [intid, byte] of this.bytes) this.write(intid, byte);
  }

  private renewAll(line: number): void {
    for (const intid of this.priorities.intids) this.renew(intid, line);
  }

  /** The priority that comes next. */
  private renew(intid: number, line: number): void {
    const priority = this.priorities.at(intid, line);
    if (priority !== undefined) this.show(intid, priority);
  }

  private show(intid: number, priority: number): void {
    const control = this.target.read("distributor", 0, 4) ?? 0n;
    const shown = (control & DISABLE_SECURITY) !== 0n ? priority : (priority << 1) & 0xff;
    this.set(intid, (shown & 0xfc) | ENABLED);
  }

  private set(intid: number, byte: number): void {
    const known = this.bytes.get(intid);
    if (known === byte) return;
    if (known === undefined) this.given++;
    this.bytes.set(intid, byte);
    this.write(intid, byte);
  }

  private write(intid: number, byte: number): void {
    if (this.table !== undefined) this.target.writeMemory(this.table + intid - FIRST_LPI, 1, BigInt(byte));
  }

  /** Looks for LPIs that were looked at and yet not found urgent enough. */
  private findDisabled(input: TraceEvent, effects: readonly TraceEvent[]): void {
    let command = input.spec.name;
    for (let i = 0; i + 2 < effects.length; i++) {
      const event = effects[i];
      if (event.spec.role === "command") command = event.spec.name;
      if (event.spec.name !== "gicv3_its_ite_read" || numberIn(event, "valid") === 0 || numberIn(event, "type") === 0)
        continue;
      const intid = numberIn(event, "intid");
      if (command === "gicv3_its_cmd_inv") this.renew(intid, event.line);
      const [entry, update] = [effects[i + 1], effects[i + 2]];
      if (entry.spec.name === "gicv3_its_cte_read" && update.spec.name === "gicv3_cpuif_update") {
        this.judge(command, intid, numberIn(entry, "rdbase"), update);
      }
    }
  }

  private judge(command: string, intid: number, pe: number, update: TraceEvent): void {
    const looked = command === "gicv3_its_cmd_inv";
    const rose = command === "gicv3_its_translation_write" || command === "gicv3_its_cmd_int";
    if (!looked && !rose) return;
    const byte = this.bytes.get(intid) ?? 0;
    if ((byte & ENABLED) === 0 || this.target.isLpiPending(pe, intid) !== looked) return;
    const control = this.target.read("distributor", 0, 4) ?? 0n;
    if ((control & ENABLE_GROUP1) === 0n) return;
    const priority = (control & DISABLE_SECURITY) !== 0n ? byte & 0xfc : ((byte & 0xfc) >> 1) | 0x80;
    const shownPriority = numberIn(update, "priority");
    if (priority > shownPriority || (priority === shownPriority && intid >= numberIn(update, "intid"))) return;
    this.disabled++;
    this.set(intid, byte & ~ENABLED);
  }
}

function isLpiUpdate(event: TraceEvent): boolean {
  return numberIn(event, "intid") >= FIRST_LPI && numberIn(event, "priority") !== IDLE;
}
