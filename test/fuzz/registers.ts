import type { AccessBytes } from "./operations.ts";
import { GICD, GITS, GicrOffset, GitsOffset, gicr, type Shape } from "./shape.ts";

export interface ComparedRegister {
  readonly name: string;
  readonly address: number;
  readonly bytes: AccessBytes;
}

/** Registers that are compared after every batch. */
export function batchRegisters(shape: Shape): ComparedRegister[] {
  const list: ComparedRegister[] = [
    { name: "GICD_CTLR", address: GICD, bytes: 4 },
    { name: "GITS_CTLR", address: GITS, bytes: 4 },
    { name: "GITS_CBASER", address: GITS + GitsOffset.cbaser, bytes: 8 },
    { name: "GITS_CWRITER", address: GITS + GitsOffset.cwriter, bytes: 8 },
    { name: "GITS_CREADR", address: GITS + GitsOffset.creadr, bytes: 8 },
  ];
  for (let index = 0; index < 8; index++) {
    list.push({ name: `GITS_BASER${index}`, address: GITS + GitsOffset.baser + 8 * index, bytes: 8 });
  }
  for (let pe = 0; pe < shape.cpus; pe++) {
    const add = (name: string, offset: number, bytes: AccessBytes): void => {
      list.push({ name: `${name}[${pe}]`, address: gicr(shape, pe) + offset, bytes });
    };
    add("GICR_CTLR", GicrOffset.ctlr, 4);
    add("GICR_WAKER", GicrOffset.waker, 4);
    add("GICR_PROPBASER", GicrOffset.propbaser, 8);
    add("GICR_PENDBASER", GicrOffset.pendbaser, 8);
    if (shape.gicVersion === 4) {
      add("GICR_VPROPBASER", GicrOffset.vpropbaser, 8);
      add("GICR_VPENDBASER", GicrOffset.vpendbaser, 8);
    }
  }
  return list;
}

/** Words of the frames that are compared at the end of a case: offset of the first and bytes, in steps of 4. */
const DISTRIBUTOR_WORDS = [
  [0, 0x100],
  [0x100, 0xf00],
  [0x6000, 0x960],
  [0xffd0, 0x30],
] as const;
const ITS_WORDS = [
  [0, 0x180],
  [0xffd0, 0x30],
] as const;
const REDISTRIBUTOR_WORDS = [
  [0, 0x100],
  [0xffd0, 0x30],
  [GicrOffset.sgiFrame + 0x80, 0xd80],
] as const;

/** Registers that are compared at the end of a case besides: all others of the GIC that hold state or tell what it is. */
export function finalRegisters(shape: Shape): ComparedRegister[] {
  const list: ComparedRegister[] = [];
  const known = new Set<number>();
  for (const { address, bytes } of batchRegisters(shape)) {
    for (let word = 0; word < bytes; word += 4) known.add(address + word);
  }
  const add = (frame: string, base: number, ranges: readonly (readonly [number, number])[]): void => {
    for (const [from, length] of ranges) {
      for (let offset = from; offset < from + length; offset += 4) {
        if (known.has(base + offset)) continue;
        list.push({ name: `${frame}+0x${offset.toString(16)}`, address: base + offset, bytes: 4 });
      }
    }
  };
  add("GICD", GICD, DISTRIBUTOR_WORDS);
  add("GITS", GITS, ITS_WORDS);
  for (let pe = 0; pe < shape.cpus; pe++) {
    add(`GICR[${pe}]`, gicr(shape, pe), REDISTRIBUTOR_WORDS);
    if (shape.gicVersion === 4) add(`GICR[${pe}]`, gicr(shape, pe), [[0x2_0000, 0x100]]);
  }
  return list;
}
