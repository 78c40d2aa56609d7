import type { GuestRegisters, GuestWrite } from "../guest.ts";

/** A list of 32-bit words that a VMM read of KVM one behind the other, by the register's name without number. */
export interface WordList {
  readonly kind: string;
  readonly words: readonly bigint[];
}

/** Lists of a distributor, in the order in which cloud-hypervisor and Firecracker save and restore them. */
export const DISTRIBUTOR_KINDS = [
  ...["STATUSR", "ICENABLER", "ISENABLER", "IGROUPR", "IROUTER", "ICFGR"],
  ...["ICPENDR", "ISPENDR", "ICACTIVER", "ISACTIVER", "IPRIORITYR"],
] as const;

/** Words of a list for 32 INTIDs. */
export const WORDS_OF_32: Readonly<Record<string, number>> = {
  ...{ ICENABLER: 1, ISENABLER: 1, IGROUPR: 1, IROUTER: 64, ICFGR: 2 },
  ...{ ICPENDR: 1, ISPENDR: 1, ICACTIVER: 1, ISACTIVER: 1, IPRIORITYR: 8 },
};

/** Lists of a redistributor likewise, with their words. */
export const REDISTRIBUTOR_LISTS: readonly (readonly [kind: string, words: number])[] = [
  ...([
    ["STATUSR", 1],
    ["WAKER", 1],
    ["PROPBASER", 2],
    ["PENDBASER", 2],
    ["CTLR", 1],
  ] as const),
  ...([
    ["IGROUPR", 1],
    ["ICENABLER", 1],
    ["ISENABLER", 1],
    ["ICFGR", 2],
    ["ICPENDR", 1],
  ] as const),
  ...([
    ["ISPENDR", 1],
    ["ICACTIVER", 1],
    ["ISACTIVER", 1],
    ["IPRIORITYR", 8],
  ] as const),
];

/** Registers of the CPU interface that every vCPU has. */
export const INTERFACE_REGISTERS = [
  ...["ICC_SRE_EL1", "ICC_CTLR_EL1", "ICC_IGRPEN0_EL1", "ICC_IGRPEN1_EL1"],
  ...["ICC_PMR_EL1", "ICC_BPR0_EL1", "ICC_BPR1_EL1"],
] as const;

/** ICC_AP0R<n> and ICC_AP1R<n> that there are each, by ICC_CTLR_EL1.PRIbits. */
export function activeWords(control: bigint): number {
  const bits = Number((control >> 8n) & 7n) + 1;
  return bits >= 7 ? 4 : bits === 6 ? 2 : 1;
}

/** Kinds that show the same bits as another one, or nothing that is kept. */
const SHADOWS = new Set(["ICENABLER", "ICPENDR", "ICACTIVER", "STATUSR", "WAKER"]);
const WIDE = new Set(["IROUTER", "PROPBASER", "PENDBASER"]);
const SINGLE = new Set(["CTLR", "STATUSR", "WAKER", "PROPBASER", "PENDBASER"]);

/** What lists of words say: registers by name, and the order in which they are written when the guest is restored. */
export interface ListedRegisters {
  readonly registers: GuestRegisters;
  readonly writes: readonly GuestWrite[];
}

/**
 * Names the words of lists.
 * @param prefix GICD or GICR @param unit whose they are: "GICD", "PE 0" @param firstIntid INTID of the first element of the lists
 */
export function listedRegisters(
  prefix: "GICD" | "GICR",
  unit: string,
  firstIntid: number,
  lists: Iterable<WordList>,
): ListedRegisters {
  const registers = new Map<string, bigint>();
  const writes: GuestWrite[] = [];
  for (const { kind, words } of lists) {
    const isWide = WIDE.has(kind);
    const step = isWide ? 2 : 1;
    for (let at = 0; at + step <= words.length; at += step) {
      const value = isWide ? words[at] | (words[at + 1] << 32n) : words[at];
      const name = `${prefix}_${kind}${SINGLE.has(kind) ? "" : firstOf(kind, firstIntid) + at / step}`;
      writes.push({ unit, name, value });
      if (!SHADOWS.has(kind)) registers.set(name, value);
    }
  }
  return { registers, writes };
}

/** Number of the first register of a kind. */
function firstOf(kind: string, firstIntid: number): number {
  if (kind === "IROUTER") return firstIntid;
  return (firstIntid / 32) * (WORDS_OF_32[kind] ?? 1);
}
