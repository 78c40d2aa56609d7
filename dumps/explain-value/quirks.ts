import { hex } from "../../architecture/hex.ts";

/** A quirk that Linux knows an implementation by: the bits of its identity that it compares, and what is so. */
interface Quirk {
  readonly register: "GITS_IIDR" | "GICD_IIDR";
  readonly value: number;
  readonly mask: number;
  /** As Linux calls it in its log and in silicon-errata.rst. */
  readonly name: string;
  readonly summary: string;
}

const WHOLE = 0xffff_ffff;

/** Source: Linux 7.3 drivers/irqchip/irq-gic-v3-its.c `its_quirks`, irq-gic-v3.c `gic_quirks`; Documentation/arch/arm64/silicon-errata.rst. */
const quirks: readonly Quirk[] = [
  {
    register: "GITS_IIDR",
    value: 0xa100_034c,
    mask: 0xffff_0fff,
    name: "Cavium ThunderX erratum 22375, 24313",
    summary: "DeviceIDs have 20 bits whatever GITS_TYPER.Devbits says: a device table of 8 MiB",
  },
  {
    register: "GITS_IIDR",
    value: 0xa100_034c,
    mask: 0xffff_0fff,
    name: "Cavium ThunderX erratum 23144",
    summary: "collections go to PEs of the ITS's own node only",
  },
  {
    register: "GITS_IIDR",
    value: 0x0000_1070,
    mask: WHOLE,
    name: "Qualcomm QDF2400 erratum 0065",
    summary: "ITEs have 16 bytes whatever GITS_TYPER.ITT_entry_size says",
  },
  {
    register: "GITS_IIDR",
    value: 0x0001_143b,
    mask: WHOLE,
    name: "Socionext Synquacer pre-ITS",
    summary:
      "the DeviceID is in the address that a device writes to, in a window in front of the ITS; DeviceID bits are log2 of the window less 2",
  },
  {
    register: "GITS_IIDR",
    value: 0x0000_0004,
    mask: WHOLE,
    name: "HiSilicon Hip07 erratum 161600802",
    summary: "the frame of virtual LPIs is at RD_base + 128 KiB",
  },
  {
    register: "GITS_IIDR",
    value: 0x0005_1736,
    mask: WHOLE,
    name: "HiSilicon Hip09 erratum 162100801",
    summary: "after VMOVP the vPE's configuration has to be invalidated by GICR_INVALLR",
  },
  {
    register: "GITS_IIDR",
    value: 0x0201_743b,
    mask: WHOLE,
    name: "Arm GIC-600; on boards with Rockchip RK3566, RK3568, RK3588 and Renesas R-Car V4H, V4M, S4 with an erratum",
    summary:
      "RK3588 (3588001): accesses are not shareable. RK3566 and RK3568 (3568002), R-Car: the GIC reaches 32-bit addresses only, so all tables and the queue are below 4 GiB. The identity does not tell the boards apart",
  },
  {
    register: "GICD_IIDR",
    value: 0x0204_043b,
    mask: WHOLE,
    name: "HiSilicon Hip06, or Arm GIC-600",
    summary: "GICD_TYPER.ESPI means nothing on Hip06 (161010803); a GIC-600 has none",
  },
  {
    register: "GICD_IIDR",
    value: 0x0000_0000,
    mask: WHOLE,
    name: "HiSilicon Hip07 erratum 161010803",
    summary: "GICD_TYPER.ESPI means nothing",
  },
  {
    register: "GICD_IIDR",
    value: 0xa000_034c,
    mask: 0xe8f0_0fff,
    name: "Cavium erratum 38539",
    summary: "GICD_TYPER2 must not be read",
  },
  {
    register: "GICD_IIDR",
    value: 0x0402_043b,
    mask: WHOLE,
    name: "NVIDIA erratum T241-FABRIC-4",
    summary:
      "registers of some SPIs are reached through a chip's alias frame; Linux tells the chip apart by its SoC id",
  },
  {
    register: "GICD_IIDR",
    value: 0x0400_043b,
    mask: 0xff0e_0fff,
    name: "Arm GIC-700 erratum 2941627",
    summary: "an SPI that is routed to a sleeping PE may be lost",
  },
  {
    register: "GICD_IIDR",
    value: 0x0402_043b,
    mask: 0xff0f_0fff,
    name: "Arm GIC-700 erratum 2941627",
    summary: "an SPI that is routed to a sleeping PE may be lost",
  },
  {
    register: "GICD_IIDR",
    value: 0x0000_043b,
    mask: 0xff00_0fff,
    name: "Rockchip RK3399 erratum, insecure integration",
    summary: "GICD_CTLR and priorities have the Secure view, also for a Non-secure reader",
  },
];

/** What Linux does otherwise with an implementation of this identity, a sentence each. Empty for other registers. */
export function quirkNotes(register: string, value: bigint): string[] {
  return quirks
    .filter((quirk) => quirk.register === register && (Number(value & 0xffff_ffffn) & quirk.mask) >>> 0 === quirk.value)
    .map(({ name, summary, mask }) => {
      const bits = mask === WHOLE ? "" : ` (Linux compares ${hex(mask)})`;
      return `${name}${bits}: ${summary}.`;
    });
}
