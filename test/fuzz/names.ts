import { type Block, defaultBases, registerAt, registerName } from "../../architecture/index.ts";
import { GICD, GITS, gicr, redistributorBytes, type Shape } from "./shape.ts";

/** Control and translation frame. */
const ITS_BYTES = 0x2_0000;

interface Place {
  readonly block: Block;
  readonly offset: number;
  /** Behind a register's name, which PE's it is. */
  readonly suffix: string;
}

function placeOf(shape: Shape, address: number): Place | undefined {
  if (address >= GICD && address < GICD + defaultBases.gicdBytes) {
    return { block: "GICD", offset: address - GICD, suffix: "" };
  }
  if (address >= GITS && address < GITS + ITS_BYTES) return { block: "GITS", offset: address - GITS, suffix: "" };
  const from = address - gicr(shape, 0);
  const pe = Math.floor(from / redistributorBytes(shape));
  if (from < 0 || pe >= shape.cpus) return undefined;
  return { block: "GICR", offset: from % redistributorBytes(shape), suffix: `[${pe}]` };
}

/** The register that an access of 4 or 8 bytes covers, as a script names it (`GICR_PENDBASER[1]`); undefined for any other access. */
export function accessedRegister(shape: Shape, address: number, bytes: number): string | undefined {
  const place = placeOf(shape, address);
  const found = place && registerAt(place.block, place.offset, bytes * 8);
  if (place === undefined || found === undefined || found.byteInRegister !== 0) return undefined;
  if (found.register.width !== bytes * 8) return undefined;
  return `${registerName(found.register, found.index)}${place.suffix}`;
}
