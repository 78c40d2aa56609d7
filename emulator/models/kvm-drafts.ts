import { type DraftModelName, modelTitle } from "../../architecture/index.ts";
import { linux72, linux510 } from "./kvm.ts";
import type { KvmDecisions, KvmModel } from "./model.ts";
import { narrowTables, wideDtes, wideItes } from "./table-abi.ts";

/**
 * Patches under review. Each is the oldest recorded kernel with the patch's own decisions put in their place, so that it can be run; what
 * a review says nothing about is that kernel's.
 */

/** "KVM: arm-vgic: Add vgic reg access from dev attr", v3, November 2013: whether a vCPU runs is looked at, not prevented; GICC_APR<n> has a fixed format. */
const draft2013: KvmDecisions = {
  ...linux510,
  kernel: "the draft of 2013",
  activePriorityFormat: "128 levels",
  unknownV2Register: "ENXIO",
  accessExcludes: "a look",
};

/** "KVM: arm64: implement basic ITS register handlers", v4, 2016. SAVE_TABLES is a later kernel's. */
const draft2016: KvmDecisions = {
  ...linux510,
  kernel: "the draft of 2016",
  queueWriters: "the first for all",
  cwriterAtEnd: "taken",
  hardwareCollections: 0xff,
  typerIteBytes: 1,
  idRegisters: "architecture alone",
};

/**
 * "KVM: arm64: vgic-its: Device table save/restore", v5, and "GITS_IIDR as ABI revision", v4, spring 2017. The review leaves open with
 * which step the draft walks a level-1 table; here it is that of a level-1 entry, and the other reading is {@link draft2017Level1}.
 */
const draft2017: KvmDecisions = {
  ...linux510,
  kernel: "the drafts of 2017",
  tableAbis: [narrowTables(1)],
  revisionWrite: "compared on restore",
  level2FirstDevice: "level-1 entry size",
  level2Step: "ITE size",
  wideEntryRest: "kernel stack",
  restoreChecksDeviceId: false,
};

const draft2017Revisions: KvmDecisions = { ...draft2017, tableAbis: [narrowTables(1), wideItes(2), wideDtes(3)] };

/** "GITS_LVL1_ENTRY_SIZE must be passed instead", says the review of the walk of the level-1 table: so another size was. */
const draft2017Level1: KvmDecisions = { ...draft2017Revisions, level1Step: "DTE size" };

/** 0 says "the last one" in a handler's answer, 1 says it in that of the walk. The review warns of it; here one is taken for the other. */
const draft2017Last: KvmDecisions = { ...draft2017Revisions, level2Answer: "1 ends the walk" };

function draft(name: DraftModelName, kvm: KvmDecisions): KvmModel {
  return { name, title: modelTitle(name), kvm };
}

export const draftModels = {
  "kvm-draft-2013": draft("kvm-draft-2013", draft2013),
  "kvm-draft-2016": draft("kvm-draft-2016", draft2016),
  "kvm-draft-2017": draft("kvm-draft-2017", draft2017),
  "kvm-draft-2017-revisions": draft("kvm-draft-2017-revisions", draft2017Revisions),
  "kvm-draft-2017-level1": draft("kvm-draft-2017-level1", draft2017Level1),
  "kvm-draft-2017-last": draft("kvm-draft-2017-last", draft2017Last),
  "kvm-revisions": draft("kvm-revisions", {
    ...linux72,
    tableAbis: [narrowTables(0), wideItes(1), wideDtes(2)],
  }),
} as const satisfies Record<DraftModelName, KvmModel>;
