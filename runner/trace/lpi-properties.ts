import { FIRST_LPI } from "../../architecture/index.ts";
import { numberIn, type TraceEvent } from "../../dumps/qemu-trace/event.ts";
import type { PriorityRecord } from "./priority-record.ts";
import type { TraceTarget } from "./target.ts";

const PROPBASER = 0x70;
const PROPBASER_ADDRESS = 0xf_ffff_ffff_f000n;
const DISABLE_SECURITY = 1n << 6n;
const ENABLED = 1;
const PRIORITY = 0xfc;
const IDLE = 0xff;

/**
 * The property table of LPIs: priority and enable bit of each, which the guest keeps in memory and no line shows. What is given to the
 * machine is what the trace implies:
 * - an LPI has the priority that its next HPPI update shows, and is enabled; one that no update ever shows is not;
 * - it is disabled from the moment at which the machine would tell of it and the trace tells of something less urgent, until an update
 *   shows it again or an INV or INVALL makes the ITS look again.
 */
export class LpiProperties {
  /** LPIs with a property of their own, and times at which one was found to be disabled. */
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
  beforeInput(effects: readonly TraceEvent[]): void {
    let looks = false;
    for (const event of effects) {
      const { name, role } = event.spec;
      if (role === "command") looks = name === "gicv3_its_cmd_inv";
      if (name === "gicv3_its_cmd_invall") for (const intid of this.priorities.intids) this.renew(intid, event.line);
      else if (name === "gicv3_its_ite_read" && looks) this.renew(numberIn(event, "intid"), event.line);
      else if (showsLpi(event)) this.show(numberIn(event, "intid"), numberIn(event, "priority"));
    }
  }

  /** After a redistributor's register was written: the table may lie elsewhere now. */
  afterRedistributorWrite(pe: number): void {
    const register = this.target.read({ pe }, PROPBASER, 8) ?? 0n;
    const table = Number(register & PROPBASER_ADDRESS);
    if (table === this.table || table === 0) return;
    const first = this.table === undefined;
    this.table = table;
    if (first) for (const intid of this.priorities.intids) this.renew(intid, 0);
    else for (const [intid, byte] of this.bytes) this.write(intid, byte);
  }

  /**
   * The LPI that would have to be disabled for the machine to do what the trace says, at the first place where they part: the machine tells
   * of it and the trace of another interrupt. Undefined when this is not why they part.
   */
  suspect(produced: TraceEvent, expected: TraceEvent): number | undefined {
    if (!showsLpi(produced) || expected.spec !== produced.spec) return undefined;
    const intid = numberIn(produced, "intid");
    if (numberIn(produced, "cpu") !== numberIn(expected, "cpu")) return undefined;
    if (intid === numberIn(expected, "intid") && showsLpi(expected)) return undefined;
    return ((this.bytes.get(intid) ?? 0) & ENABLED) === 0 ? undefined : intid;
  }

  disable(intid: number): void {
    this.disabled++;
    this.set(intid, (this.bytes.get(intid) ?? 0) & ~ENABLED);
  }

  /** The priority that comes next. */
  private renew(intid: number, line: number): void {
    const priority = this.priorities.at(intid, line);
    if (priority !== undefined) this.show(intid, priority);
  }

  private show(intid: number, priority: number): void {
    const control = this.target.read("distributor", 0, 4, true) ?? 0n;
    const shown = (control & DISABLE_SECURITY) !== 0n ? priority : priority << 1;
    this.set(intid, (shown & PRIORITY) | ENABLED);
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
}

/** Whether a line tells of a pending LPI. */
function showsLpi(event: TraceEvent): boolean {
  return (
    event.spec.name === "gicv3_cpuif_update" &&
    numberIn(event, "intid") >= FIRST_LPI &&
    numberIn(event, "priority") !== IDLE
  );
}
