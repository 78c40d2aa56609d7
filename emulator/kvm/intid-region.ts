import { registerByName, registerOffset } from "../../architecture/index.ts";
import type { Value64 } from "../value64.ts";
import { ignores, type RegisterRegion } from "./register-table.ts";

/** What a register array does, whichever frame it stands in. */
export interface IntidBehaviour {
  read(pe: number, intid: number, bytes: number): number;
  write(pe: number, intid: number, bytes: number, value: number): void;
  userRead?(pe: number, intid: number): number;
  userWrite?(pe: number, intid: number, value: number): number;
}

export const nothing: IntidBehaviour = { read: () => 0, write: ignores };

/**
 * The region of a register array by INTID.
 * @param name first register of the array, which tells offset and bits an INTID
 * @param intids how many INTIDs, from the array's first on @param skip INTIDs at its start that belong elsewhere
 */
export function intidRegion(
  name: string,
  behaviour: IntidBehaviour,
  widths: number,
  { intids, skip = 0 }: { intids: number; skip?: number },
): RegisterRegion {
  const found = registerByName(name);
  const offset = found && registerOffset(found.register, found.index);
  const layout = found?.register.perIntid;
  if (offset === undefined || layout === undefined) throw new Error(`${name} is no declared array by INTID`);
  const start = offset + (skip * layout.bits) / 8;
  const firstIntid = layout.firstIntid + skip;
  const at = (byte: number): number => firstIntid + Math.floor(((byte - start) * 8) / layout.bits);
  const { userRead, userWrite } = behaviour;
  return {
    offset: start,
    bytes: ((intids - skip) * layout.bits) / 8,
    widths,
    bitsPerIntid: layout.bits,
    firstIntid,
    read: (pe, byte, bytes, into) => {
      into.lo = behaviour.read(pe, at(byte), bytes);
    },
    write: (pe, byte, bytes, lo) => behaviour.write(pe, at(byte), bytes, lo),
    ...(userRead && {
      userRead: (pe: number, byte: number, into: Value64) => {
        into.lo = userRead(pe, at(byte));
      },
    }),
    ...(userWrite && { userWrite: (pe: number, byte: number, value: number) => userWrite(pe, at(byte), value) }),
  };
}
