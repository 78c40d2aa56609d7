import { commandErrorByName, type ModelFamily, type ModelName, modelFamily } from "../../architecture/index.ts";
import { type MsiLink, type MsiStep, pendingLinks } from "../../dumps/captures/index.ts";

/** Whether a command looks at what it names: never; always; or when its event's way comes to a link in a state, behind which it asks for it. */
type Asked = "never" | "always" | { readonly behind: MsiLink; readonly state: MsiStep["state"] };

/** What a command looks up. */
export interface CommandReads {
  /** Links of its event's way, as far as that leads. */
  readonly links: readonly MsiLink[];
  /** Whether it goes on to the PE. */
  readonly delivers?: boolean;
  /** Whether it looks at the collection that its own ICID names. */
  readonly collection: Asked;
  /** Whether it looks at the vPE that its own vPEID names; absent: never. */
  readonly vpe?: Asked;
  /** An LPI whose configuration byte it reads wherever its event's way leads; of one that it makes the pending bit, too. */
  readonly lpi?: "made" | "mapped";
}

const NOTHING: CommandReads = { links: [], collection: "never" };
const upToDte: readonly MsiLink[] = ["level-1 entry", "DTE"];
const upToEvent: readonly MsiLink[] = [...upToDte, "ITE", "virtual event"];
/** To the PE of a physical event, or to the vPE of a virtual one. */
const upToTarget: readonly MsiLink[] = [...upToEvent, "CTE", "VTE"];
const upToConfiguration: readonly MsiLink[] = [...upToTarget, "configuration byte"];
const wholeWay: readonly MsiLink[] = [...upToConfiguration, "cached configuration", ...pendingLinks];
const behindCte = { behind: "CTE", state: "good" } as const;
const ofVpe: CommandReads = { links: [], collection: "never", vpe: "always" };

const mapsEvent: CommandReads = { links: upToDte, collection: "never" };

/** What every ITS looks up (Arm IHI0069 chapter 5.3). A command that is not here names no event and no collection. */
const architectural: Readonly<Record<string, CommandReads>> = {
  MAPD: { links: ["level-1 entry"], collection: "never" },
  MAPTI: mapsEvent,
  MAPI: mapsEvent,
  MOVI: { links: [...upToEvent, "CTE"], collection: behindCte },
  DISCARD: { links: upToTarget, collection: "never" },
  CLEAR: { links: upToTarget, collection: "never" },
  INV: { links: upToConfiguration, collection: "never" },
  INVALL: { links: [], collection: "always" },
  INT: { links: wholeWay, collection: "never", delivers: true },
};

const mapsVirtual: CommandReads = { links: upToDte, collection: "never", vpe: { behind: "DTE", state: "good" } };

/**
 * What commands of GICv4 look up where an ITS has them, on its own tables: VMOVP reaches those of other ITSs, too. VMOVI looks for the
 * vPE that the event is at before it looks for the one that it goes to.
 */
const virtual: Readonly<Record<string, CommandReads>> = {
  VMAPTI: mapsVirtual,
  VMAPI: mapsVirtual,
  VMOVI: { links: [...upToEvent, "VTE"], collection: "never", vpe: { behind: "VTE", state: "good" } },
  VMOVP: ofVpe,
  VINVALL: ofVpe,
  VSYNC: ofVpe,
  VSGI: ofVpe,
  INVDB: ofVpe,
};

/**
 * KVM looks for the event before it maps it, and for the collection of one that is new (vgic-its.c, vgic_its_cmd_handle_mapi); of an LPI
 * that it does not have yet it reads the configuration, and the pending bit when the collection has a PE (vgic_add_lpi).
 */
const kvmMapping: CommandReads = {
  links: [...upToDte, "ITE"],
  collection: { behind: "ITE", state: "broken" },
  lpi: "made",
};

/** What a family looks up otherwise. */
const ofFamily: Readonly<Record<ModelFamily, Readonly<Record<string, CommandReads>>>> = {
  arch: {},
  // vgic-its.c: the handlers of the commands. CLEAR and INV have the LPI from the ITE; INT and MSIs go by the configuration that KVM has read.
  kvm: {
    MAPD: { links: upToDte, collection: "never" },
    MAPC: { links: [], collection: "always" },
    MAPTI: kvmMapping,
    MAPI: kvmMapping,
    CLEAR: { links: [...upToDte, "ITE"], collection: "never" },
    INV: { links: [...upToDte, "ITE"], collection: "never", lpi: "mapped" },
    INT: { links: [...upToTarget, "cached configuration", ...pendingLinks], collection: "never", delivers: true },
  },
  // arm_gicv3_its.c: INVALL makes all redistributors look for pending LPIs; process_vmapti does not look for the vPE, VSYNC for nothing,
  // and GICv4.1's commands are none.
  qemu: {
    INVALL: NOTHING,
    VMAPTI: mapsEvent,
    VMAPI: mapsEvent,
    VSYNC: NOTHING,
    VSGI: NOTHING,
    INVDB: NOTHING,
  },
};

/** What an MSI of a device looks up. */
export function msiReads(model: ModelName): CommandReads {
  return ofFamily[modelFamily(model)].INT ?? architectural.INT;
}

/** With this error, of both commands, KVM refuses an LPI before it looks for the event; with the other one before it looks for the LPI. */
const noSuchLpi = commandErrorByName("MAPTI_PHYSICALID_OOR")?.code;
const noSuchCollection = commandErrorByName("MAPC_COLLECTION_OOR")?.code;
/** With these VMOVP is refused before it looks for the vPE. QEMU gives its own also for a VTE whose PE does not exist, which no command makes. */
const noSuchPe = [commandErrorByName("VMOVP_PROCNUM_OOR"), commandErrorByName("VMOVP_VCPU_INVALID")].map(
  (error) => error?.code,
);

/**
 * What a command of a model looks up.
 * @param name of the command @param error code of the command error that it was refused with, or anything else
 * @param isVirtual whether the ITS has the commands of GICv4
 */
export function commandReads(
  name: string,
  model: ModelName,
  error: number | undefined,
  isVirtual: boolean,
): CommandReads {
  if (virtual[name] !== undefined && !isVirtual) return NOTHING;
  if (name === "VMOVP" && error !== undefined && noSuchPe.includes(error)) return NOTHING;
  const reads = ofFamily[modelFamily(model)][name] ?? architectural[name] ?? virtual[name] ?? NOTHING;
  if (reads !== kvmMapping || error === undefined) return reads;
  if (error === noSuchLpi) return architectural.MAPTI;
  return error === noSuchCollection ? { ...kvmMapping, lpi: undefined } : kvmMapping;
}

/** Whether a command comes to look at the collection or the vPE that it names. @param way of its event, as it was before */
export function looksAt(asked: Asked, way: readonly MsiStep[]): boolean {
  if (typeof asked === "string") return asked === "always";
  return way.some(({ link, state }) => link === asked.behind && state === asked.state);
}
