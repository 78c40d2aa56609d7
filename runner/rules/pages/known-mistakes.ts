/** A mistake that is known from real software and has no rule of its own. Its number is the one that rules count on from. */
export interface KnownMistake {
  readonly id: string;
  /** What goes wrong. */
  readonly what: string;
  /** Where it was seen, or who says so. */
  readonly source: string;
  /** What tells it: the code, and a script that has it. */
  readonly told?: { readonly code: string; readonly by: string };
  /** Why nothing can tell it in a script. */
  readonly untold?: string;
}

const device = "MAPC ICID=0, RDbase=0\nMAPD DeviceID=8, Size=2, ITT_addr=0x43f00000";
const created = "machine { setup = reset }";

/** Mistakes that are no rules: what the machine answers is problem enough, or no script shows them. */
export const knownMistakes: readonly KnownMistake[] = [
  {
    id: "L-01",
    what: "A command names an event of a device that was never mapped",
    source: "Arm IHI 0069 5.3; Linux vgic-its.c",
    told: { code: "ITS0501", by: "DISCARD DeviceID=8, EventID=0" },
  },
  {
    id: "L-02",
    what: "An EventID does not fit MAPD's Size, which was computed too small",
    source: "Zephyr pull request 117277",
    told: { code: "ITS0501", by: `${device}\nMAPTI DeviceID=8, EventID=8, pINTID=8192, ICID=0` },
  },
  {
    id: "L-03",
    what: "MAPD's Size goes beyond the ITT that was allocated",
    source: "NetBSD gicv3_its.c, 2026-04-30",
    told: {
      code: "L-05",
      by: "MAPD DeviceID=8, Size=3, ITT_addr=0x43f00000\nMAPD DeviceID=9, Size=6, ITT_addr=0x43effe00",
    },
  },
  {
    id: "L-04",
    what: "The ITT was allocated for entries that are shorter than GITS_TYPER.ITT_entry_size says",
    source: "QDF2400 erratum 0065",
    told: {
      code: "L-05",
      by: "machine { model = qemu }\nMAPD DeviceID=8, Size=6, ITT_addr=0x43f00000\nMAPD DeviceID=9, Size=6, ITT_addr=0x43f00400",
    },
  },
  {
    id: "L-06",
    what: "An ITT is not aligned to 256 bytes",
    source: "ITT_addr of MAPD has bits [51:8]",
    told: { code: "ITS0307", by: "MAPD DeviceID=8, Size=2, ITT_addr=0x43f00080" },
  },
  {
    id: "L-07",
    what: "An ITS uses longer entries than its GITS_TYPER says",
    source: "gem5 src/dev/arm/gic_v3_its.cc",
    untold: "gem5 is no model here",
  },
  {
    id: "L-13",
    what: "An MSI comes while its collection is not mapped",
    source: "Linux vgic-its.c vgic_its_resolve_lpi",
    told: {
      code: "ITS0515",
      by: "MAPD DeviceID=8, Size=2, ITT_addr=0x43f00000\nMAPTI DeviceID=8, EventID=0, pINTID=8192, ICID=7\nmsi DeviceID=8, EventID=0",
    },
  },
  {
    id: "L-17",
    what: "An LPI is below 8192 or beyond GICR_PROPBASER.IDbits",
    source: "Zephyr issue 119828",
    told: { code: "ITS0501", by: `${device}\nMAPTI DeviceID=8, EventID=0, pINTID=65536, ICID=0` },
  },
  {
    id: "L-19",
    what: "VSYNC names a vPE that is not mapped, as behind VMAPP with V=0 in GICv4.1",
    source: "Linux 80e9963fb3b5",
    told: { code: "ITS0501", by: "machine { model = arch  gic = 4.1 }\nVSYNC vPEID=3" },
  },
  {
    id: "L-20",
    what: "VMOVP names a vPE that is not mapped",
    source: "Linux 1442ee001198",
    told: { code: "ITS0501", by: "machine { model = arch  gic = 4 }\nVMOVP vPEID=3, RDbase=1" },
  },
  {
    id: "L-20b",
    what: "Where GITS_TYPER.VMOVP is 0, a VMOVP does not agree with those of the other ITSs",
    source: "Arm IHI 0069, VMOVP",
    told: {
      code: "ITS0516",
      by: `machine { model = arch  gic = 4  vmovp = 0  its = 0x08080000  its = 0x080c0000 }
VMAPP vPEID=3, V=1, RDbase=0, VPT_addr=0x43e00000, VPT_size=15
VMOVP vPEID=3, RDbase=1, ITSList=4, Sequence_Number=1`,
    },
  },
  {
    id: "L-38",
    what: "GITS_BASER<n> are taken to be 4 bytes apart",
    source: "illumos gic_reg.h",
    told: { code: "L-63", by: `${created}\nwrite64 0x08080104 = 0x8107000040100000` },
  },
  {
    id: "L-39",
    what: "Tables are zeroed in a cache, and not cleaned to where a GIC that is not coherent sees it",
    source: "Xen a1f8b32af0; RK3588 erratum 3588001",
    untold: "the machines have no caches: what is stored is in memory",
  },
  {
    id: "L-40b",
    what: "Bits of GITS_BASER<n> add up where it is written twice",
    source: "gem5 src/dev/arm/gic_v3_its.cc",
    untold: "gem5 is no model here",
  },
  {
    id: "L-40c",
    what: "A table beyond 48 bits with pages of less than 64 KiB",
    source: "Linux drivers/irqchip/irq-gic-v3-its.c its_setup_baser",
    told: { code: "ITS0306", by: `${created}\nwrite GITS_BASER0.Physical_Address = 0x1000000000000` },
  },
  {
    id: "L-40d",
    what: "A VMM uses a guest's GITS_CBASER as an address of the host",
    source: "rcore-os/tgoskits issue 1734",
    untold:
      "it is a mistake of the emulator, not of who drives it; here every address is checked against the RAM of the machine",
  },
  {
    id: "L-40e",
    what: "The device table is too small for the DeviceIDs that there are",
    source: "Cavium erratum 22375",
    told: {
      code: "ITS0501",
      by: `${created}
write GITS_CBASER = { Valid=1, Physical_Address=0x40000000, Size=16 }
write GITS_BASER0 = { Valid=1, Page_Size=2, Physical_Address=0x40100000, Size=1 }
write GITS_BASER1 = { Valid=1, Page_Size=2, Physical_Address=0x40200000, Size=1 }
write GITS_CTLR = 1
MAPD DeviceID=0x10000, Size=2, ITT_addr=0x43f00000`,
    },
  },
  {
    id: "L-67",
    what: "Another bit of GICR_VPENDBASER than Valid is changed while a vPE is resident",
    source: "Arm IHI 0069, GICR_VPENDBASER",
    told: {
      code: "ITS0516",
      by: "machine { model = arch  gic = 4 }\nwrite GICR_VPENDBASER = { Valid=1, Physical_Address=0x43e00000 }\nwrite GICR_VPENDBASER = { Valid=1, Physical_Address=0x43d00000 }",
    },
  },
  {
    id: "L-68",
    what: "A level-1 entry is written behind the command that needs it",
    source: "Arm GICv3 and GICv4 software overview, quoting IHI 0069 H.b",
    told: {
      code: "ITS0501",
      by: `${created}
write GITS_CBASER = { Valid=1, Physical_Address=0x40000000, Size=16 }
write GITS_BASER0 = { Valid=1, Indirect=1, Page_Size=2, Physical_Address=0x40100000, Size=1 }
write GITS_BASER1 = { Valid=1, Page_Size=2, Physical_Address=0x40200000, Size=1 }
write GITS_CTLR = 1
MAPD DeviceID=8, Size=2, ITT_addr=0x43f00000
mem64[0x40100000] = 0x8000000040110000`,
    },
  },
];
