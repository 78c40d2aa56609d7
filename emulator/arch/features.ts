import type { GicVersion, LayoutName } from "../../architecture/index.ts";
import type { MachineOptions } from "../machine.ts";
import type { ArchDecisions } from "../models/model.ts";

/** What the ITSs and redistributors of one machine implement, as their TYPER registers tell it. */
export interface ArchFeatures {
  readonly version: GicVersion;
  /** The same as the option that asks for it. */
  readonly gicVersion: 3 | 4 | 4.1;
  /** GITS_TYPER.Virtual, GICR_TYPER.VLPIS. */
  readonly virtual: boolean;
  /** GICv4.1: GITS_TYPER.VMAPP and VSGI, GICR_TYPER.RVPEID and VSGI. */
  readonly virtual41: boolean;
  /** GITS_TYPER.SEIS. */
  readonly systemErrors: boolean;
  /** GITS_TYPER.VMOVP: one VMOVP on any ITS suffices. */
  readonly singleVmovp: boolean;
  readonly layout: LayoutName;
  /** GICD_TYPER.IDbits + 1. */
  readonly intidBits: number;
}

/** GITS_TYPER.ID_bits: EventID bits minus one, the largest Size of MAPD and VPT_size of VMAPP. */
export const MAX_SIZE = 15;

/** GICD_TYPER.IDbits + 1 where nobody says otherwise. */
const INTID_BITS = 16;

const versions: ReadonlyMap<number, GicVersion> = new Map([
  [3, "v3"],
  [4, "v4.0"],
  [4.1, "v4.1"],
]);

/** @throws RangeError when the options describe no machine */
export function featuresOf(decisions: ArchDecisions, options: MachineOptions): ArchFeatures {
  const gicVersion = options.gicVersion ?? 3;
  const version = versions.get(gicVersion);
  if (version === undefined || gicVersion === 2) throw new RangeError("gicVersion is 3, 4 or 4.1");
  return {
    version,
    gicVersion,
    virtual: version !== "v3",
    virtual41: version === "v4.1",
    systemErrors: options.systemErrors ?? false,
    singleVmovp: options.singleVmovp ?? true,
    layout: options.layout ?? decisions.layout,
    intidBits: options.intidBits ?? INTID_BITS,
  };
}
