import type { KeywordDoc } from "./keywords.ts";

/** Every word that reads state inside an expression, registers apart. */
export const stateKeywords = [
  { word: "mem8", form: "mem8[ADDRESS]", summary: "A byte of guest memory.", example: "mem8[0x40200000]" },
  { word: "mem16", form: "mem16[ADDRESS]", summary: "2 bytes of guest memory.", example: "mem16[0x40200000]" },
  { word: "mem32", form: "mem32[ADDRESS]", summary: "4 bytes of guest memory.", example: "mem32[0x40200000]" },
  { word: "mem64", form: "mem64[ADDRESS]", summary: "8 bytes of guest memory.", example: "mem64[0x40100000]" },
  {
    word: "dte",
    form: "dte[DeviceID][.FIELD] | dte@ITS[DeviceID]",
    summary: "Device table entry as the model lays it out; .valid tells whether the device is mapped.",
    example: "dte[0x10].ITT_addr",
  },
  {
    word: "ite",
    form: "ite[DeviceID, EventID][.FIELD] | ite@ITS[DeviceID, EventID]",
    summary: "Interrupt translation table entry; .valid tells whether the event is mapped.",
    example: "ite[0x10, 0].pINTID",
  },
  {
    word: "cte",
    form: "cte[ICID][.FIELD] | cte@ITS[ICID]",
    summary: "Collection table entry; .valid tells whether the collection is mapped.",
    example: "cte[3].RDbase",
  },
  {
    word: "vte",
    form: "vte[vPEID][.FIELD] | vte@ITS[vPEID]",
    summary: "Entry of the vPE table of a GICv4; .valid tells whether the vPE is mapped.",
    example: "vte[0].RDbase",
  },
  {
    word: "pending",
    form: "pending[INTID] | pending[INTID, PE]",
    summary: "1 when the interrupt is pending, on the PE it targets or on the PE that is named.",
    example: "pending[8192]",
  },
  {
    word: "enabled",
    form: "enabled[INTID] | enabled[INTID, PE]",
    summary: "1 when the interrupt is enabled.",
    example: "enabled[8192]",
  },
  {
    word: "active",
    form: "active[INTID] | active[INTID, PE]",
    summary: "1 when the SGI, PPI or SPI is active as its register shows it.",
    example: "active[40]",
  },
  {
    word: "physical",
    form: "physical[INTID] | physical[INTID, PE]",
    summary:
      "1 while an interrupt of the host's GIC is active: from when the host took it until a guest deactivates it.",
    example: "physical[23, 1]",
  },
  {
    word: "priority",
    form: "priority[INTID] | priority[INTID, PE]",
    summary: "Priority of the interrupt, 0 (highest) to 255.",
    example: "priority[8192]",
  },
  {
    word: "running",
    form: "running[PE]",
    summary: "1 while the vCPU is in its guest (vcpu-run).",
    example: "running[0]",
  },
  {
    word: "writing",
    form: "writing[PE]",
    summary: "1 while the vCPU's store to GITS_CWRITER has not returned (begin, step).",
    example: "writing[1]",
  },
] as const satisfies readonly KeywordDoc[];

export type StateKeyword = (typeof stateKeywords)[number]["word"];

const stateWords = new Set<string>(stateKeywords.map(({ word }) => word));

export function isStateKeyword(word: string): word is StateKeyword {
  return stateWords.has(word);
}

/** Words of state that scripts may have as names, too, because they came later: they are state before a `[` or `@` alone. */
const softWords: ReadonlySet<string> = new Set(["vte"]);

/** Whether a word of state can be a name where no `[` or `@` is behind it. */
export function isSoftStateKeyword(word: string): boolean {
  return softWords.has(word);
}
