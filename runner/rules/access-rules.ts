import { declaredRegister, type Field, hex, insertRaw } from "../../architecture/index.ts";
import { type Operation, rules } from "../../language/index.ts";
import { peekRegister, type Target } from "../target.ts";
import type { Found } from "./found.ts";
import { accessOf, type FrameAccess, type RegisterAccess } from "./place.ts";
import { fieldOf, propertyTable } from "./tables-memory.ts";

/** Fields of GITS_BASER<n> that say where and how the table is. */
const tableFields = ["Physical_Address", "Page_Size", "Indirect", "Size"];

/** PEs whose tables are compared. */
const MOST_PES = 64;

/** What is looked at again when an access is done. */
interface Before {
  readonly access: RegisterAccess;
  /** The whole register. */
  readonly value: bigint;
  readonly written: bigint | undefined;
}

/** A load of a register, or at an address. */
export type ReadOperation = Extract<Operation, { kind: "read-register" | "read-address" }>;

/** Looks at loads and stores of registers: at what they ask for, and at what the machine has made of it. */
export class AccessRules {
  private readonly target: Target;
  private readonly found: Found;
  private before: Before | undefined;
  /** A register that cannot be written, before it is. */
  private unwritable: { readonly access: RegisterAccess; readonly value: bigint | undefined } | undefined;
  /** GITS_CREADR and GITS_CWRITER as they were when GITS_CBASER began to be written. */
  private pointers: readonly (readonly [string, number])[] = [];

  constructor(target: Target, found: Found) {
    this.target = target;
    this.found = found;
  }

  /** A load stands in an expression. */
  read(operation: ReadOperation): void {
    const access = accessOf(operation, this.target);
    if (access !== undefined) this.checkWidth(access, operation.width);
  }

  begin(operation: Operation): void {
    this.before = undefined;
    this.unwritable = undefined;
    const access = accessOf(operation, this.target);
    if (access === undefined) return;
    const width = "width" in operation ? operation.width : undefined;
    const reads = operation.kind === "read-register" || operation.kind === "read-address";
    if (width !== undefined) this.checkWidth(access, width);
    if (reads || "block" in access || !this.isThere(access)) return;
    this.beginWrite(operation, access);
  }

  /** Whether the machine has the PE or the ITS of a register. */
  private isThere({ register, pe, its }: RegisterAccess): boolean {
    const { cpus, map } = this.target;
    return register.block === "GITS" ? its < map.its.length : pe < cpus;
  }

  private checkWidth(access: RegisterAccess | FrameAccess, width: number): void {
    const add = (what: string): void => this.found.add(rules.access, width, what);
    if ("block" in access) {
      add(`at offset ${hex(access.offset)} of the ${access.block} frames, where no register is`);
      return;
    }
    const { register, byte, name } = access;
    if (register.offset === undefined) return;
    if (byte % (width / 8) !== 0) add(`at byte ${byte} of ${name}, which is not a multiple of its own size`);
    else if (byte * 8 + width > register.width && register.perIntid === undefined)
      add(`of ${name}, which has ${register.width} bits`);
  }

  private beginWrite(operation: Operation, access: RegisterAccess): void {
    const { register, name } = access;
    const isUser = operation.kind === "host";
    // A write of a system register that is read-only is UNDEFINED, which is an error.
    if (register.access === "RO" && register.offset !== undefined && !isUser)
      this.unwritable = { access, value: this.look(access) };
    if (operation.kind === "modify-register" && register.access === "RW" && isReadOnly(operation.field))
      this.found.add(rules.readOnly, `${name}.${operation.field.name}`);
    if (!/^(GITS_(CBASER|BASER\d|CTLR|CWRITER)|GICR_(CTLR|P(ROP|END)BASER))$/.test(name)) return;
    const value = this.peek(name, access) ?? 0n;
    this.before = { access, value, written: writtenBy(operation, access, value) };
    if (name === "GITS_CBASER") {
      const { reader, writer } = this.target.queue(access.its);
      this.pointers = [
        ["GITS_CREADR", reader],
        ["GITS_CWRITER", writer],
      ];
    }
    const { lockedBy } = register;
    if (lockedBy === undefined || isUser || !this.isLocked(lockedBy.register, lockedBy.field, access)) return;
    this.found.add(register.block === "GITS" ? rules.tableRegisterWhileEnabled : rules.lpiTableWhileEnabled, name);
  }

  private isLocked(name: string, field: string, { pe, its }: RegisterAccess): boolean {
    const member = declaredRegister(name);
    const value = this.peek(name, { ...member, pe, its, byte: 0 });
    return value !== undefined && fieldOf(member, value, field) === 1n;
  }

  private peek(name: string, { register, index, pe, its }: RegisterAccess): bigint | undefined {
    return peekRegister(this.target, { name, register, index, pe, its });
  }

  /** A register as it is; undefined where looking has an effect. */
  private look(access: RegisterAccess): bigint | undefined {
    return access.register.readEffect === undefined ? this.peek(access.name, access) : undefined;
  }

  /** The statement is done. */
  end(operation: Operation): void {
    const { before, unwritable } = this;
    this.unwritable = undefined;
    // Some machines take writes that the architecture has no use for: QEMU's GITS_CREADR.
    if (unwritable !== undefined && this.look(unwritable.access) === unwritable.value)
      this.found.add(rules.readOnly, unwritable.access.name);
    this.before = undefined;
    if (before === undefined) return;
    const { access, value, written } = before;
    const now = this.peek(access.name, access);
    if (now === undefined || written === undefined || this.found.has(rules.tableRegisterWhileEnabled.code)) return;
    if (/^GITS_BASER\d$/.test(access.name)) this.checkTable(access, written, now);
    else if (access.name === "GITS_CBASER") this.checkQueue(operation, access, written, now);
    else if (access.name === "GITS_CWRITER") this.checkWriter(access, written);
    else if (access.name === "GITS_CTLR") this.checkEnabled(access, value, written, now);
    else if (access.name === "GICR_CTLR" || access.name === "GICR_PROPBASER") this.checkPropertyTables(access.pe);
  }

  private checkTable(access: RegisterAccess, written: bigint, now: bigint): void {
    const { name } = access;
    const differing = tableFields.flatMap((field) => {
      const [wanted, has] = [fieldOf(access, written, field), fieldOf(access, now, field)];
      if (wanted === has) return [];
      return [`${field} is ${hex(has)}, not ${hex(wanted)}`];
    });
    if (differing.length > 0) this.found.add(rules.otherThanWritten, name, differing.join("; "));
  }

  private checkQueue(operation: Operation, access: RegisterAccess, written: bigint, now: bigint): void {
    const [wanted, used] = [fieldOf(access, written, "Physical_Address"), fieldOf(access, now, "Physical_Address")];
    if (wanted !== used) this.found.add(rules.queueNotAligned, wanted, used);
    if (operation.kind !== "host") return;
    for (const [name, value] of this.pointers)
      if (value !== 0) this.found.add(rules.pointersBeforeQueue, name, BigInt(value));
  }

  private checkWriter(access: RegisterAccess, written: bigint): void {
    const { valid, bytes } = this.target.queue(access.its);
    const offset = Number(fieldOf(access, written, "Offset"));
    if (valid && offset >= bytes) this.found.add(rules.writerBeyondQueue, offset, bytes);
  }

  private checkEnabled(access: RegisterAccess, before: bigint, written: bigint, now: bigint): void {
    const enabled = (value: bigint): bigint => fieldOf(access, value, "Enabled");
    if (enabled(written) === 0n || enabled(now) === 1n || enabled(before) === 1n) return;
    const missing = ["GITS_CBASER", "GITS_BASER0", "GITS_BASER1"].filter((name) => {
      const member = declaredRegister(name);
      const value = this.peek(name, { ...member, pe: 0, its: access.its, byte: 0 });
      return value !== undefined && fieldOf(member, value, "Valid") === 0n;
    });
    const why =
      missing.length === 0 ? "the machine does not take it" : missing.map((name) => `${name}.Valid is 0`).join(", ");
    this.found.add(rules.notEnabled, why);
  }

  private checkPropertyTables(pe: number): void {
    // A VM of KVM's has one.
    if (this.target.vmm !== undefined || !this.hasLpis(pe)) return;
    const own = propertyTable(this.target, pe);
    for (let other = 0; other < Math.min(this.target.cpus, MOST_PES); other++) {
      if (other === pe || !this.hasLpis(other)) continue;
      const theirs = propertyTable(this.target, other);
      if (theirs?.address === own?.address && theirs?.bytes === own?.bytes) continue;
      this.found.add(rules.differentPropertyTables, pe, other);
      return;
    }
  }

  private hasLpis(pe: number): boolean {
    const name = "GICR_CTLR";
    const member = declaredRegister(name);
    const value = this.peek(name, { ...member, pe, its: 0, byte: 0 });
    return value !== undefined && fieldOf(member, value, "EnableLPIs") === 1n;
  }
}

function isReadOnly({ access }: Field): boolean {
  return access === "RO";
}

/** The whole register as a store asks for it; undefined where nothing is stored. */
function writtenBy(operation: Operation, { register, byte }: RegisterAccess, before: bigint): bigint | undefined {
  switch (operation.kind) {
    case "modify-register":
      return insertRaw(before, operation.field, operation.raw);
    case "write-register":
    case "write-address": {
      if (operation.width >= register.width) return operation.value;
      const low = BigInt(byte * 8);
      const mask = ((1n << BigInt(operation.width)) - 1n) << low;
      return (before & ~mask) | ((operation.value << low) & mask);
    }
    case "host":
      return operation.value;
    default:
      return undefined;
  }
}
