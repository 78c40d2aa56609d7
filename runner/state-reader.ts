import {
  type EntryLayout,
  entryIsValid,
  extractRaw,
  fieldArgument,
  hex,
  layouts,
  registerByName,
} from "../architecture/index.ts";
import type { ItsTables } from "../emulator/index.ts";
import {
  type IdKind,
  type MemoryWidth,
  type RegisterLocation,
  type StateFailure,
  type StateReader,
  type StateValue,
  tableKinds,
  VALID_FIELD,
  type VcpuProperty,
} from "../language/index.ts";
import { absentRegister } from "./absent-register.ts";
import { deviceInsteadOfMemory, frameBlockAt } from "./device-frames.ts";
import { interruptOfRegisters, isInterruptOfRegisters } from "./interrupt-state.ts";
import { peekRegister, registerAddress, type Target } from "./target.ts";

type TableName = Parameters<StateReader["table"]>[0];
type InterruptProperty = Parameters<StateReader["interrupt"]>[0];

/** Fields that tell how many bits an id has, minus one. */
const widths: Readonly<Record<IdKind, { readonly register: string; readonly field: string }>> = {
  DeviceID: { register: "GITS_TYPER", field: "Devbits" },
  EventID: { register: "GITS_TYPER", field: "ID_bits" },
  ICID: { register: "GITS_TYPER", field: "CIDbits" },
  vPEID: { register: "GICD_TYPER2", field: "VID" },
  INTID: { register: "GICD_TYPER", field: "IDbits" },
};
/** Bit of GITS_TYPER. */
const CIL = 36n;

/** What expressions of scripts, watches and the debug console read of a target. Reading changes nothing. */
export class TargetStateReader implements StateReader {
  private readonly target: Target;
  /** Is told of each interrupt that is asked for. */
  onInterrupt: ((intid: number) => void) | undefined;

  constructor(target: Target) {
    this.target = target;
  }

  register(location: RegisterLocation): StateValue {
    const { register, pe, name } = location;
    if (register.readEffect !== undefined) return { failure: `Reading ${name} has an effect: ${register.readEffect}` };
    if (pe >= this.target.cpus) return this.noPe(pe);
    const value = peekRegister(this.target, location);
    if (value !== undefined) return value;
    if (registerAddress(this.target, location) !== undefined)
      return { failure: `Nothing answers at the address of ${name}.` };
    if (register.block === "GITS" && location.its >= this.target.map.its.length)
      return { failure: `This machine has no ITS ${location.its}.` };
    return { failure: absentRegister(name, this.target.name) };
  }

  memory(address: bigint, width: MemoryWidth): StateValue {
    const bytes = this.target.readMemory(Number(address), width / 8);
    if (bytes === undefined) {
      const place = `0x${address.toString(16)}`;
      const block = frameBlockAt(this.target, Number(address));
      return { failure: block === undefined ? `There is no RAM at ${place}.` : deviceInsteadOfMemory(place, block) };
    }
    return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  }

  table(table: TableName, ids: readonly number[], field: string | undefined, its: number): StateValue {
    const { length } = this.target.map.its;
    if (length === 0) return { failure: "This machine has GICv2, and so no ITS with tables." };
    if (its >= length) return { failure: `This machine has no ITS ${its}.` };
    const tables = this.target.tables(its);
    const { mapped, words: value } = tables.entry(tableKinds[table], ...ids);
    if (field === VALID_FIELD) return mapped ? 1n : 0n;
    if (!mapped) return field === undefined ? 0n : { failure: whyUnmapped(tables, table, ids) };
    const layout = this.layout(table);
    if (value === undefined) {
      return {
        failure: `There is no ${layout.entryName} to read: its collection is gone, and SAVE_TABLES crashes the host there.`,
      };
    }
    if (field === undefined) return value;
    const declared = layout.fields.find(({ name }) => name === field);
    if (declared === undefined) {
      const known = layout.fields.map(({ name }) => name).join(", ");
      return {
        failure: `A ${layout.entryName} of ${layouts[this.target.layout].title} has no field ${field}; it has ${known}.`,
      };
    }
    if (!entryIsValid(layout, value)) {
      return {
        failure: `The ${layout.entryName} has no ${field}: its collection is gone, and SAVE_TABLES writes 0 for it.`,
      };
    }
    return fieldArgument(declared, extractRaw(value, declared));
  }

  private layout(table: TableName): EntryLayout {
    const kind = tableKinds[table];
    const layout = layouts[this.target.layout].entries[kind];
    if (layout === undefined) throw new Error(`${this.target.layout} declares no ${kind} table`);
    return layout;
  }

  interrupt(property: InterruptProperty, intid: number, pe: number | undefined): StateValue {
    if (pe !== undefined && pe >= this.target.cpus) return this.noPe(pe);
    this.onInterrupt?.(intid);
    if (isInterruptOfRegisters(intid)) return interruptOfRegisters(this.target, property, intid, pe);
    const lpi = this.target.lpi(intid);
    if (lpi === undefined) {
      return property === "pending" ? 0n : { failure: `INTID ${intid} is not mapped to any event.` };
    }
    if (property === "active" || property === "physical") return { failure: "LPIs have no active state." };
    if (property === "priority") return BigInt(lpi.priority);
    if (property === "enabled") return lpi.enabled ? 1n : 0n;
    return lpi.pending && (pe === undefined || pe === lpi.target) ? 1n : 0n;
  }

  vcpu(property: VcpuProperty, pe: number): StateValue {
    const { vmm, cpus, name } = this.target;
    if (vmm === undefined) return { failure: `${property}[] is about a KVM guest's vCPU; ${name} has none.` };
    if (pe >= cpus) return this.noPe(pe);
    return vmm[property](pe) ? 1n : 0n;
  }

  largestId(kind: IdKind): number | undefined {
    // A GICv2's INTIDs are those of its lines.
    if (this.target.map.gicc !== undefined) return undefined;
    const { register, field } = widths[kind];
    const member = registerByName(register);
    const declared = member?.register.fields.find(({ name }) => name === field);
    if (member === undefined || declared === undefined) return undefined;
    const value = peekRegister(this.target, { name: register, ...member, pe: 0, its: 0 });
    if (value === undefined) return undefined;
    // CIDbits counts where CIL says so; ICIDs have 16 bits elsewhere.
    if (kind === "ICID" && (value >> CIL) % 2n === 0n) return 0xffff;
    return 2 ** (Number(extractRaw(value, declared)) + 1) - 1;
  }

  private noPe(pe: number): StateFailure {
    return { failure: `This machine has PEs 0 to ${this.target.cpus - 1}, no PE ${pe}.` };
  }
}

/** Which of the ids of an entry that is not mapped is to blame. */
function whyUnmapped(tables: ItsTables, table: TableName, [first, second]: readonly number[]): string {
  if (table === "cte") return `ICID ${hex(first)} is not mapped.`;
  if (table === "vte") return `vPEID ${hex(first)} is not mapped.`;
  if (table === "dte" || !tables.entry("device", first).mapped) return `DeviceID ${hex(first)} is not mapped.`;
  return `EventID ${hex(second)} of DeviceID ${hex(first)} is not mapped.`;
}
