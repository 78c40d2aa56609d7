import { littleEndian } from "../../dumps/index.ts";
import type { DumpMemory } from "../../dumps/memory.ts";
import type { Imported } from "./import-script.ts";

/** Bytes of GITS registers in a dump of them, from the ITS's control frame. */
const CBASER = 0x80;
const BASER = 0x100;
const TABLES = 8;
/** GICR_PROPBASER in the first frame of a redistributor, and the distance of two. */
const PROPBASER = 0x70;
const FRAMES = 0x2_0000;
const FIRST_REDISTRIBUTOR = 0x80a_0000;
const MOST_PES = 512;
const ADDRESS = 0x0000_ffff_ffff_f000n;
const INDIRECT = 1n << 62n;
const VALID = 1n << 63n;
/** Type field of a GITS_BASER<n> that describes the device table. */
const DEVICES = 1n;

/** The registers that say where the tables are, as statements, and what follows from them. */
export interface RegisterStatements {
  readonly statements: readonly Imported[];
  /** Addresses that must lie in RAM. */
  readonly addresses: readonly bigint[];
  readonly pes: number;
}

/**
 * Statements that set up an ITS as a dump of its registers says: tables, queue, LPIs. A device table of two levels gets level-2 pages
 * at the end of what is used, as no register says where they were.
 * @param its address of the ITS's control frame in the dump
 * @param devices DeviceIDs that the commands map
 */
export function registerStatements(
  memory: DumpMemory,
  its: number,
  devices: readonly number[],
  used: readonly bigint[],
): RegisterStatements {
  const statements: Imported[] = [];
  const addresses: bigint[] = [];
  const read = (address: number): bigint | undefined => {
    const bytes = memory.read(address, 8);
    return bytes === undefined ? undefined : littleEndian(bytes);
  };
  const write = (name: string, value: bigint, origin: string) =>
    statements.push({ text: `write ${name} = 0x${value.toString(16)}`, origin });
  let pes = 0;
  for (; pes < MOST_PES; pes++) {
    const frame = FIRST_REDISTRIBUTOR + pes * FRAMES;
    const [properties, pending] = [read(frame + PROPBASER), read(frame + PROPBASER + 8)];
    if (properties === undefined || pending === undefined) break;
    write(`GICR_PROPBASER[${pes}]`, properties, `at 0x${(frame + PROPBASER).toString(16)}`);
    write(`GICR_PENDBASER[${pes}]`, pending, `at 0x${(frame + PROPBASER + 8).toString(16)}`);
    write(`GICR_CTLR[${pes}].EnableLPIs`, 1n, "");
    addresses.push(properties & ADDRESS, pending & ADDRESS);
  }
  const level2: { readonly table: bigint; readonly page: bigint }[] = [];
  for (let index = 0; index < TABLES; index++) {
    const value = read(its + BASER + 8 * index);
    if (value === undefined || value === 0n) continue;
    write(`GITS_BASER${index}`, value, `at 0x${(its + BASER + 8 * index).toString(16)}`);
    addresses.push(value & ADDRESS);
    const page = [4096n, 16384n, 65536n][Number((value >> 8n) & 3n)] ?? 65536n;
    if ((value & INDIRECT) !== 0n && ((value >> 56n) & 7n) === DEVICES) {
      const perPage = Number(page / (((value >> 48n) & 31n) + 1n));
      for (const entry of new Set(devices.map((device) => Math.floor(device / perPage))))
        level2.push({ table: (value & ADDRESS) + 8n * BigInt(entry), page });
    }
  }
  const queue = read(its + CBASER);
  if (queue !== undefined) {
    write("GITS_CBASER", queue, `at 0x${(its + CBASER).toString(16)}`);
    addresses.push(queue & ADDRESS);
  }
  let free = [...addresses, ...used].reduce((most, address) => (address > most ? address : most), 0n);
  for (const { table, page } of level2) {
    free = (free / page + 2n) * page;
    statements.push({
      text: `mem64[0x${table.toString(16)}] = 0x${(VALID | free).toString(16)}`,
      origin: "a level-2 page of the device table; where it was no register says",
    });
    addresses.push(free);
  }
  write("GITS_CTLR.Enabled", 1n, "");
  return { statements, addresses, pes };
}
