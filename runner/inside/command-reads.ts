import { commandErrorByName, type ModelFamily, type ModelName, modelFamily } from "../../architecture/index.ts";
import type { MsiLink, MsiStep } from "../../dumps/captures/index.ts";

/** What a command looks up. */
export interface CommandReads {
  /** Links of its event's way, as far as that leads. */
  readonly links: readonly MsiLink[];
  /** Whether it goes on to the PE. */
  readonly delivers?: boolean;
  /**
   * Whether it looks at the collection that its own ICID names: never; always; or when its event's way comes to a link in a state, behind
   * which it asks for the collection.
   */
  readonly collection: "never" | "always" | { readonly behind: MsiLink; readonly state: MsiStep["state"] };
  /** An LPI whose configuration byte it reads wherever its event's way leads; of one that it makes the pending bit, too. */
  readonly lpi?: "made" | "mapped";
}

const NOTHING: CommandReads = { links: [], collection: "never" };
const upToDte: readonly MsiLink[] = ["level-1 entry", "DTE"];
const upToCte: readonly MsiLink[] = [...upToDte, "ITE", "virtual event", "CTE"];
const upToConfiguration: readonly MsiLink[] = [...upToCte, "configuration byte"];
const wholeWay: readonly MsiLink[] = [...upToConfiguration, "cached configuration", "pending bit"];
const behindCte = { behind: "CTE", state: "good" } as const;

/** What every ITS looks up (Arm IHI0069 chapter 5.3). A command that is not here names no event and no collection. */
const architectural: Readonly<Record<string, CommandReads>> = {
  MAPD: { links: ["level-1 entry"], collection: "never" },
  MAPTI: { links: upToDte, collection: "never" },
  MAPI: { links: upToDte, collection: "never" },
  MOVI: { links: upToCte, collection: behindCte },
  DISCARD: { links: upToCte, collection: "never" },
  CLEAR: { links: upToCte, collection: "never" },
  INV: { links: upToConfiguration, collection: "never" },
  INVALL: { links: [], collection: "always" },
  INT: { links: wholeWay, collection: "never", delivers: true },
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
    INT: { links: [...upToCte, "cached configuration", "pending bit"], collection: "never", delivers: true },
  },
  // arm_gicv3_its.c: INVALL makes all redistributors look for pending LPIs.
  qemu: { INVALL: NOTHING },
};

/** What an MSI of a device looks up. */
export function msiReads(model: ModelName): CommandReads {
  return ofFamily[modelFamily(model)].INT ?? architectural.INT;
}

/** With this error, of both commands, KVM refuses an LPI before it looks for the event; with the other one before it looks for the LPI. */
const noSuchLpi = commandErrorByName("MAPTI_PHYSICALID_OOR")?.code;
const noSuchCollection = commandErrorByName("MAPC_COLLECTION_OOR")?.code;

/**
 * What a command of a model looks up.
 * @param name of the command @param error code of the command error that it was refused with, or anything else
 */
export function commandReads(name: string, model: ModelName, error: number | undefined): CommandReads {
  const reads = ofFamily[modelFamily(model)][name] ?? architectural[name] ?? NOTHING;
  if (reads !== kvmMapping || error === undefined) return reads;
  if (error === noSuchLpi) return architectural.MAPTI;
  return error === noSuchCollection ? { ...kvmMapping, lpi: undefined } : kvmMapping;
}

/** Whether a command comes to look at the collection that it names. @param way of its event, as it was before */
export function looksAtCollection({ collection }: CommandReads, way: readonly MsiStep[]): boolean {
  if (typeof collection === "string") return collection === "always";
  return way.some(({ link, state }) => link === collection.behind && state === collection.state);
}
