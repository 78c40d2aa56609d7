import { FIRST_LPI, intidRange } from "../../architecture/index.ts";
import type { CommandEvent } from "../../emulator/index.ts";
import { type Diagnostic, type Operation, rules, type Span } from "../../language/index.ts";
import type { TargetStateReader } from "../state-reader.ts";
import type { Target } from "../target.ts";
import { AccessRules, type ReadOperation } from "./access-rules.ts";
import { CommandWatch } from "./command-watch.ts";
import { Found } from "./found.ts";
import { checkHost } from "./host-rules.ts";
import { ittBytes } from "./itt-bytes.ts";
import { PropertyRules } from "./property-rules.ts";
import { rulesOfRemarks } from "./rules-of-remarks.ts";

/** Looks at one machine for rules that a script breaks, statement by statement. */
export class RuleWatch {
  private readonly target: Target;
  private readonly found: Found;
  private readonly commands: readonly CommandWatch[];
  private readonly accesses: AccessRules;
  private readonly properties: PropertyRules;
  private readonly largestIntid: () => number | undefined;
  /** Counts operations and commands. It goes back with the machine. */
  private time = 0;
  private prepared = false;

  constructor(target: Target, state: TargetStateReader) {
    this.target = target;
    this.found = new Found(target);
    this.commands = target.map.its.map((_, its) => new CommandWatch(target, its, this.found));
    this.accesses = new AccessRules(target, this.found);
    this.properties = new PropertyRules(target, this.found);
    this.largestIntid = () => state.largestId("INTID");
    state.onInterrupt = (intid) => this.asked(intid);
    target.onCommandBegin = (its, queueOffset) => this.commands[its]?.begin(queueOffset, ++this.time, this.commands);
  }

  get now(): number {
    return this.time;
  }

  takeBackTo(time: number): void {
    this.time = time;
    this.found.clear();
    for (const watch of this.commands) watch.takeBackTo(time + 1);
    this.properties.takeBackTo(time + 1);
  }

  /** Another line begins: what looks at the machine have found since the last one is none of its. */
  forget(): void {
    if (!this.found.empty) this.found.clear();
  }

  /** An expression is about to read a register or an address with its effects. @param place of that in the line; undefined: in another line */
  read(operation: ReadOperation, place: Span | undefined): void {
    this.found.within(place, () => this.accesses.read(operation));
  }

  /** A statement is about to be carried out. */
  begin(performed: Operation): void {
    const operation = withoutName(performed);
    this.time++;
    // Asked for now, because no access comes between the commands of a store.
    if (!this.prepared && this.commands.length > 0) ittBytes(this.target, 0);
    this.prepared = true;
    // Nearly every line is a command, of which the ITS tells.
    if (operation.kind === "command" || operation.kind === "let" || operation.kind === "expect") return;
    if (operation.kind !== "read-register" && operation.kind !== "read-address") this.registersMayChange();
    if (operation.kind === "msi") this.msi(operation.its, Number(operation.deviceId), Number(operation.eventId));
    this.accesses.begin(operation);
    this.properties.begin(operation);
    checkHost(operation, this.target, this.found);
  }

  /** Registers may have other values from now on. */
  registersMayChange(): void {
    for (const watch of this.commands) watch.registersMayChange();
  }

  /** An ITS has carried out a command. */
  command(event: CommandEvent): void {
    this.commands[event.its]?.end(event);
  }

  /** The statement is done. @returns what it has broken */
  end(performed: Operation): void {
    const operation = withoutName(performed);
    for (const watch of this.commands) watch.settle();
    if (operation.kind === "command" || operation.kind === "let" || operation.kind === "expect") return;
    this.accesses.end(operation);
    if (this.commands.length > 0) this.properties.end(operation, ++this.time, this.commands);
  }

  /** What has been found since the last time; undefined: nothing. */
  take(place: Span): readonly Diagnostic[] | undefined {
    return this.found.empty ? undefined : this.found.take(place);
  }

  /** Whether a remark of the machine's says what a rule has found already. */
  covers(remark: string): boolean {
    const rule = rulesOfRemarks.get(remark);
    return rule !== undefined && this.found.has(rule);
  }

  private msi(its: number, device: number, event: number): void {
    const watch = this.commands[its];
    if (watch === undefined) return;
    watch.msi(device, event);
    const state = this.target.tables(its).event(device, event);
    if (state?.icid !== undefined) this.properties.msi(state.intid, state.icid, watch);
  }

  /** An expression asks for an interrupt. */
  private asked(intid: number): void {
    const largest = this.largestIntid();
    const kind = intidRange(intid)?.kind;
    if (intid >= FIRST_LPI) {
      if (this.target.map.its.length === 0)
        this.found.add(rules.noSuchInterrupt, intid, "is an LPI, and this machine has none");
      else if (largest !== undefined && intid > largest)
        this.found.add(rules.noSuchInterrupt, intid, `is beyond the last one of this machine, ${largest}`);
    } else if (kind !== "SGI" && kind !== "PPI" && kind !== "SPI") {
      this.found.add(rules.noSuchInterrupt, intid, "is reserved");
    }
  }
}

/** What a `let` has done that keeps what comes of it. */
function withoutName(operation: Operation): Operation {
  return operation.kind === "answer" ? operation.of : operation;
}
