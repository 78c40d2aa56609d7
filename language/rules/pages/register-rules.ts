import type { Pages } from "./page.ts";

const devices = "Linux Documentation/virt/kvm/devices/arm-vgic-its.rst";
const vgic = "Linux arch/arm64/kvm/vgic/vgic-its.c";
const registers = "Arm system register pages (IHI 0069 chapter 12.19)";

/** A vPE that runs on PE 0, and a vLPI for it that takes 15 bits. */
const VLPI_OF_13_BITS = `machine { model = qemu  gic = 4 }
VMAPP vPEID=0, V=1, RDbase=0, VPT_addr=0x43e00000, VPT_size=15
MAPD DeviceID=8, ITT_addr=0x43f00000, Size=4
VMAPTI DeviceID=8, EventID=0, vPEID=0, vINTID=20000, Dbell_pINTID=1023
write GICR_VPROPBASER[0] = { IDbits=13, Physical_Address=0x43d00000 }
write GICR_VPENDBASER[0] = { Valid=1, Physical_Address=0x43e00000 }
msi DeviceID=8, EventID=0`;

/** Pages of the rules about registers, memory and the VMM. */
export const registerRulePages: Pages = {
  "L-21": {
    why: "In GICv4.0 the redistributor knows how many vINTIDs the resident vPE has from GICR_VPROPBASER alone. Where a vPE is scheduled onto a PE that nobody set it for, its vLPIs are lost.",
    source:
      "Linux commit 6479450f72c1 (irqchip/gic-v4: Fix occasional VLPI drop); QEMU hw/intc/arm_gicv3_redist.c gicv3_redist_process_vlpi",
    breaks: VLPI_OF_13_BITS,
    keeps: VLPI_OF_13_BITS.replace("IDbits=13", "IDbits=15"),
  },
  "L-21b": {
    why: "A producer that does not wrap writes an offset that the queue does not have: the commands behind the end are never carried out, and their SYNC times out.",
    source: `kvm-unit-tests db6767ba; ${vgic} vgic_mmio_write_its_cwriter; QEMU hw/intc/arm_gicv3_its.c process_cmdq; ${registers}, GITS_CWRITER`,
    breaks: "write GITS_CWRITER = 0x10000",
    keeps: "write GITS_CWRITER = 0",
  },
  "L-33": {
    why: "A write of GITS_CBASER sets GITS_CREADR to 0, in KVM GITS_CWRITER too. Pointers that were restored before it are lost, and the whole old queue may run again.",
    source: `${devices}; ${vgic} vgic_mmio_write_its_cbaser; ${registers}`,
    breaks:
      "machine { setup = reset }\nuser-write GITS_CBASER = 0x8000000040000000\nuser-write GITS_CREADR = 0x40\nuser-write GITS_CBASER = 0x8000000040000000",
    keeps: "machine { setup = reset }\nuser-write GITS_CBASER = 0x8000000040000000\nuser-write GITS_CREADR = 0x40",
  },
  "L-34": {
    why: "An ITS that is enabled takes MSIs and commands while the tables are read. And GITS_IIDR says which layout the saved tables have.",
    source: devices,
    breaks: "restore",
    keeps: "write GITS_CTLR.Enabled = 0\nrestore",
  },
  "L-35": {
    why: "The registers say where tables and queue are that the ITS is using. Emulators ignore the write, hardware may use both.",
    source: `${registers}, GITS_CBASER and GITS_BASER<n>`,
    breaks: "write GITS_CBASER = 0x8000000040000000",
    keeps: "write GITS_CTLR.Enabled = 0\nwrite GITS_CBASER = 0x8000000040000000",
  },
  "L-36": {
    why: "Page size, two levels and shareability are a wish: the ITS answers with what it can, and software has to read that back before it fills the memory.",
    source: `${registers}, GITS_BASER<n>; Linux drivers/irqchip/irq-gic-v3-its.c its_setup_baser`,
    breaks:
      "machine { setup = reset }\nwrite GITS_BASER0 = { Valid=1, Page_Size=0, Physical_Address=0x40100000, Size=1 }",
    keeps:
      "machine { setup = reset }\nwrite GITS_BASER0 = { Valid=1, Page_Size=2, Physical_Address=0x40100000, Size=1 }",
  },
  "L-37": {
    why: "The field goes down to 4 KiB, KVM keeps bits [51:16] alone: the ITS reads commands from memory below the queue.",
    source: `${vgic} vgic_sanitise_its_cbaser; Arm GICv3 software overview (a queue is aligned to 64 KiB)`,
    breaks: "machine { setup = reset }\nwrite GITS_CBASER = 0x8000000040001000",
    keeps: "machine { setup = reset }\nwrite GITS_CBASER = 0x8000000040010000",
  },
  "L-40": {
    why: "LPI tables that change under running LPIs corrupt memory: what a kexec'd kernel meets when the one before left them enabled.",
    source: "Arm IHI 0069, GICR_PROPBASER and GICR_PENDBASER; FreeBSD D40902",
    breaks: "write GICR_PROPBASER = 0",
    keeps: "machine { setup = reset }\nwrite GICR_PROPBASER = 0",
  },
  "L-62": {
    why: "The write does nothing, without an error on any machine. What it was to change stays as it was.",
    source: "Arm IHI 0069 chapter 12, the access of each register",
    breaks: "write GITS_TYPER = 0",
    keeps: "read GITS_TYPER",
  },
  "L-63": {
    why: "Registers answer at their address, with their width. Anything else reads as 0, aborts, or reaches the neighbour, as the implementation does it.",
    source: "Arm IHI 0069 12.1.3; Linux arch/arm64/kvm/vgic/vgic-mmio.c check_region; QEMU hw/intc/arm_gicv3_its.c",
    breaks: "read64 GITS_CTLR",
    keeps: "read32 GITS_CTLR",
  },
  "L-64": {
    why: "What does not exist is never pending, so an expectation about it holds whatever the script does.",
    source: "GICD_TYPER.IDbits and GITS_TYPER of the machine; Arm IHI 0069 2.2.1",
    breaks: "expect pending[70000] == 0",
    keeps: "expect pending[8192] == 0",
  },
  "L-70": {
    why: "Redistributors that share a copy of the LPI configuration table must use one copy: it is open whose is read.",
    source: "Arm GICv3 and GICv4 software overview, quoting IHI 0069 H.b (CommonLPIAff)",
    breaks:
      "machine { model = arch  setup = reset }\nwrite GICR_PROPBASER = 0x4002000f\nwrite GICR_CTLR.EnableLPIs = 1\nwrite GICR_PROPBASER[1] = 0x4003000f\nwrite GICR_CTLR[1].EnableLPIs = 1",
    keeps:
      "machine { model = arch  setup = reset }\nwrite GICR_PROPBASER = 0x4002000f\nwrite GICR_CTLR.EnableLPIs = 1\nwrite GICR_PROPBASER[1] = 0x4002000f\nwrite GICR_CTLR[1].EnableLPIs = 1",
  },
  "L-73": {
    why: "A reset clears GITS_BASER<n>.Valid, so RESTORE_TABLES finds no table and answers that all is well.",
    source: `${vgic} vgic_its_restore_tables_v0, vgic_its_reset; ${devices}`,
    breaks: "save\nreset\nrestore",
    keeps: "write GITS_CTLR.Enabled = 0\nsave\nrestore",
  },
  "L-74": {
    why: "KVM enables an ITS only when the queue and both tables are there. The guest goes on, and its commands are not processed.",
    source: `${vgic} vgic_mmio_write_its_ctlr`,
    breaks: "machine { setup = reset }\nwrite GITS_CTLR.Enabled = 1",
    keeps: "write GITS_CTLR.Enabled = 1",
  },
};
