import { type Block, GICR_SGI_FRAME, type Register, registerAt, registerName } from "../../architecture/index.ts";
import type { Operation } from "../../language/index.ts";
import { frameBlockAt } from "../device-frames.ts";
import type { Target } from "../target.ts";

/** A load or store of a register. */
export interface RegisterAccess {
  readonly name: string;
  readonly register: Register;
  readonly index: number;
  readonly pe: number;
  readonly its: number;
  /** Byte in the register at which the access begins. */
  readonly byte: number;
}

/** An access to a frame of registers in which there is none at its address. */
export interface FrameAccess {
  readonly block: Block;
  /** Byte offset in the block's frames. */
  readonly offset: number;
}

/** What an operation reads or writes in the frames of the machine; undefined when it is no such access. */
export function accessOf(operation: Operation, target: Target): RegisterAccess | FrameAccess | undefined {
  switch (operation.kind) {
    case "write-register":
    case "modify-register":
    case "read-register": {
      const { name, register, index, pe, its } = operation.location;
      return { name, register, index, pe, its, byte: 0 };
    }
    case "write-address":
    case "read-address":
      return accessAt(target, Number(operation.address));
    case "host": {
      if (operation.verb !== "user-write" || operation.location === undefined) return undefined;
      const { name, register, index, pe, its } = operation.location;
      return { name, register, index, pe, its, byte: 0 };
    }
    default:
      return undefined;
  }
}

function accessAt(target: Target, address: number): RegisterAccess | FrameAccess | undefined {
  const block = frameBlockAt(target, address);
  if (block === undefined) return undefined;
  const { gicd, gicr, gicrStride, gicc = 0, its } = target.map;
  let [base, pe, unit] = [gicd, 0, 0];
  if (block === "GICR") {
    pe = Math.floor((address - gicr) / gicrStride);
    base = gicr + pe * gicrStride;
  } else if (block === "GICC") base = gicc;
  else if (block === "GITS") {
    unit = its.findIndex((from) => address >= from && address < from + 2 * GICR_SGI_FRAME);
    base = its[Math.max(unit, 0)];
  }
  const offset = address - base;
  const found = registerAt(block, offset, 8, target.map.gicc === undefined ? 3 : 2);
  if (found === undefined) return { block, offset };
  const { register, index, byteInRegister: byte } = found;
  return { name: registerName(register, index), register, index, pe, its: Math.max(unit, 0), byte };
}
