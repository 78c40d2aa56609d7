import { FIRST_LPI, type RegisterMember, registerByName } from "../../architecture/index.ts";
import { type Operation, rules } from "../../language/index.ts";
import type { Target } from "../target.ts";
import type { CommandWatch } from "./command-watch.ts";
import { Facts } from "./facts.ts";
import type { Found } from "./found.ts";
import { accessOf } from "./place.ts";
import { propertyTable } from "./tables-memory.ts";

/** Bytes of a store that is looked at; more are a table that is set up. */
const MOST_BYTES = 4096;

/** Looks at stores to the LPI configuration table, and at MSIs whose configuration byte the GIC has not read since. */
export class PropertyRules {
  private readonly target: Target;
  private readonly found: Found;
  private readonly storedAt = new Facts();
  private allReadAt = -1;
  private before: { readonly address: number; readonly bytes: Uint8Array } | undefined;

  constructor(target: Target, found: Found) {
    this.target = target;
    this.found = found;
  }

  takeBackTo(time: number): void {
    this.storedAt.takeBackTo(time);
    this.allReadAt = Math.min(this.allReadAt, time - 1);
  }

  begin(operation: Operation): void {
    this.before = undefined;
    if (operation.kind !== "store" && operation.kind !== "fill") return;
    const length = operation.kind === "store" ? operation.width / 8 : Number(operation.length);
    if (length > MOST_BYTES) return;
    const address = Number(operation.address);
    const bytes = this.target.readMemory(address, length);
    if (bytes !== undefined) this.before = { address, bytes: bytes.slice() };
  }

  /** @param now later than that of every operation before @param watches of the ITSs */
  end(operation: Operation, now: number, watches: readonly CommandWatch[]): void {
    this.noteInvalidation(operation, now);
    const { before } = this;
    this.before = undefined;
    if (before === undefined) return;
    const table = propertyTable(this.target, 0);
    if (table === undefined) return;
    const { address, bytes } = before;
    const from = Math.max(address, table.address);
    const to = Math.min(address + bytes.length, table.address + table.bytes);
    const after = from < to ? this.target.readMemory(address, bytes.length) : undefined;
    for (let at = from; after !== undefined && at < to; at++) {
      const intid = FIRST_LPI + at - table.address;
      if (after[at - address] === bytes[at - address]) continue;
      if (watches.some((watch) => watch.names(intid))) this.storedAt.stamp(intid, now);
    }
  }

  /** GICR_INVLPIR and GICR_INVALLR do what INV and INVALL do. */
  private noteInvalidation(operation: Operation, now: number): void {
    if (operation.kind !== "write-register" && operation.kind !== "write-address") return;
    const access = accessOf(operation, this.target);
    if (access === undefined || "block" in access) return;
    const { register } = access;
    if (register === invalidateAll?.register || register === invalidateOne?.register) this.allReadAt = now;
  }

  /** An MSI makes an LPI pending. @param watch of the ITS that it comes by */
  msi(intid: number, icid: number, watch: CommandWatch): void {
    const stored = this.storedAt.when(intid);
    if (stored > Math.max(watch.configurationRead(intid, icid), this.allReadAt))
      this.found.add(rules.staleProperty, intid);
  }
}

const invalidateAll: RegisterMember | undefined = registerByName("GICR_INVALLR");
const invalidateOne: RegisterMember | undefined = registerByName("GICR_INVLPIR");
