import type { RegisterLocation } from "../../language/index.ts";

/** Registers that are shown together. */
export interface RegisterGroup {
  /** Stable name: `GITS0`, `GITS0.more`, `GICR2`, `GICD`, `GICC1`. */
  readonly id: string;
  /** "GITS, ITS 0" */
  readonly title: string;
  readonly kind: "its" | "redistributor" | "distributor" | "cpu-interface" | "hypervisor";
  /** PE or ITS number; 0 for the distributor. */
  readonly number: number;
  /** Registers that are seldom looked at: identification, memory partitioning, interrupts 0 to 31. */
  readonly secondary: boolean;
  readonly locations: readonly RegisterLocation[];
}
