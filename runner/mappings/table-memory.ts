import {
  baserPhysicalAddress,
  baserTableBytes,
  declaredRegister,
  extractRaw,
  GITS_TRANSLATION_FRAME,
} from "../../architecture/index.ts";
import type { Operation } from "../../language/index.ts";
import { peekRegister, type Target } from "../target.ts";

/** A stretch of guest memory. */
export interface Stretch {
  readonly address: number;
  readonly bytes: number;
}

/** Registers of an ITS whose writes start commands and change no table themselves. */
const QUEUE_POINTERS = new Set(["GITS_CWRITER", "GITS_CREADR"]);

/**
 * Whether something other than the commands that it has made an ITS carry out may have mapped or unmapped something: a restore, a
 * reset, a write of a register that says where tables are, or, where tables are in guest memory, a store into them.
 * @param itts where the ITTs are that the ITSs are known to have
 */
export function mayChangeTables(operation: Operation, target: Target, itts: Iterable<Stretch>): boolean {
  switch (operation.kind) {
    case "action":
      return operation.action === "restore" || operation.action === "reset";
    case "attribute":
      return operation.verb === "set-attr";
    case "host":
      return operation.verb === "user-write" || operation.verb === "begin" || operation.verb === "step";
    case "write-register":
    case "modify-register": {
      const { register, name } = operation.location;
      return register.block === "GITS" && !QUEUE_POINTERS.has(name);
    }
    case "write-address":
    case "store":
      return storeTouches({ address: Number(operation.address), bytes: operation.width / 8 }, target, itts);
    case "fill":
      return storeTouches({ address: Number(operation.address), bytes: Number(operation.length) }, target, itts);
    default:
      return false;
  }
}

function storeTouches(store: Stretch, target: Target, itts: Iterable<Stretch>): boolean {
  const { its } = target.map;
  for (const address of its) if (overlap(store, { address, bytes: GITS_TRANSLATION_FRAME })) return true;
  // The tables of a KVM guest's ITS are its host's.
  if (target.vmm !== undefined) return false;
  for (const number of its.keys()) if (within(store, target.queue(number))) return false;
  for (const number of its.keys()) {
    const tables = tableMemory(target, number);
    if (tables === undefined) return true;
    for (const stretch of tables) if (overlap(store, stretch)) return true;
  }
  for (const stretch of itts) if (overlap(store, stretch)) return true;
  return false;
}

const basers = Array.from({ length: 8 }, (_, index) => declaredRegister(`GITS_BASER${index}`));

/** Where the tables are that GITS_BASER<n> of an ITS describe; undefined when one is of two levels: its pages may be anywhere. */
function tableMemory(target: Target, its: number): Stretch[] | undefined {
  const found: Stretch[] = [];
  for (const member of basers) {
    const value = peekRegister(target, { ...member, pe: 0, its }) ?? 0n;
    const field = (name: string): bigint => {
      const declared = member.register.fields.find((entry) => entry.name === name);
      return declared === undefined ? 0n : extractRaw(value, declared);
    };
    if (field("Valid") === 0n || field("Type") === 0n) continue;
    if (field("Indirect") === 1n) return undefined;
    found.push({ address: Number(baserPhysicalAddress(value)), bytes: baserTableBytes(value) });
  }
  return found;
}

function overlap(one: Stretch, other: Stretch): boolean {
  return one.address < other.address + other.bytes && other.address < one.address + one.bytes;
}

function within(inner: Stretch, outer: Stretch): boolean {
  return inner.address >= outer.address && inner.address + inner.bytes <= outer.address + outer.bytes;
}
