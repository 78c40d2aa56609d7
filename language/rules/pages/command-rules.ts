import type { Pages } from "./page.ts";

const device = "MAPC ICID=0, RDbase=0\nMAPD DeviceID=8, Size=4, ITT_addr=0x43f00000\n";
const event = `${device}MAPTI DeviceID=8, EventID=0, pINTID=8192, ICID=0\n`;
const synced = `${event}SYNC RDbase=0\n`;
const linux = "Linux drivers/irqchip/irq-gic-v3-its.c";
const vgic = "Linux arch/arm64/kvm/vgic/vgic-its.c";
const zyngier = "Marc Zyngier on kvmarm and linux-kernel, December 2019, quoting IHI 0069";

/** Pages of the rules about ITS commands. */
export const commandRulePages: Pages = {
  "L-05": {
    why: "Each ITT and each table belongs to the ITS alone while it is in use. Where two share memory, what one stores the other reads. Level-2 tables are not compared.",
    source: "Arm IHI 0069 chapter 5, ITTs that overlap are UNPREDICTABLE",
    breaks: `${device}MAPD DeviceID=9, Size=4, ITT_addr=0x43f00000`,
    keeps: `${device}MAPD DeviceID=9, Size=4, ITT_addr=0x43f01000`,
  },
  "L-08": {
    why: "A second MAPD gives the device another ITT. What becomes of the events in the first one differs.",
    source: `${vgic} vgic_its_cmd_handle_mapd; ${zyngier} (re-issuing mappings that exist)`,
    breaks: `${device}MAPD DeviceID=8, Size=5, ITT_addr=0x43f01000`,
    keeps: `${device}MAPD DeviceID=8, V=0\nMAPD DeviceID=8, Size=5, ITT_addr=0x43f01000`,
  },
  "L-09": {
    why: "The events of a device that is gone can be reached by no command any more, and their LPIs may stay pending.",
    source: `${vgic} vgic_its_cmd_handle_mapd; QEMU hw/intc/arm_gicv3_its.c process_mapd`,
    breaks: `${event}MAPD DeviceID=8, V=0`,
    keeps: `${event}DISCARD DeviceID=8, EventID=0\nMAPD DeviceID=8, V=0`,
  },
  "L-10": {
    why: "The events of the collection have no target any more. On some kernels (6.12 up to 6.12.112 among them) the next SAVE_TABLES then takes the host down (CVE-2026-89912).",
    source: `${zyngier}; ${vgic} vgic_its_save_ite`,
    breaks: `${event}MAPC ICID=0, RDbase=0, V=0`,
    keeps: `${event}DISCARD DeviceID=8, EventID=0\nMAPC ICID=0, RDbase=0, V=0`,
  },
  "L-11": {
    why: "Whether the old or the new mapping is in force afterwards differs: KVM keeps the old one, QEMU takes the new one, Xen answers with an error.",
    source: `${linux} (remapping is UNPREDICTABLE); ${vgic} vgic_its_cmd_handle_mapi`,
    breaks: `${event}MAPTI DeviceID=8, EventID=0, pINTID=8193, ICID=0`,
    keeps: `${event}DISCARD DeviceID=8, EventID=0\nMAPTI DeviceID=8, EventID=0, pINTID=8193, ICID=0`,
  },
  "L-12": {
    why: "Two events that share an LPI share its pending state: one interrupt may be seen where two came. KVM keeps one object for both, Xen refuses the second.",
    source: `${vgic} vgic_add_lpi; Xen xen/arch/arm/vgic-v3-its.c`,
    breaks: `${event}MAPTI DeviceID=8, EventID=1, pINTID=8192, ICID=0`,
    keeps: `${event}MAPTI DeviceID=8, EventID=1, pINTID=8193, ICID=0`,
  },
  "L-14": {
    why: "Without SYNC the order between commands and the translation of MSIs is open. The emulated ITSs are done when GITS_CREADR has passed a command, so a driver that forgets SYNC runs here and fails on hardware. MAPD needs none.",
    source: `Arm GICv3 and GICv4 software overview (SYNC); ${linux} its_build_*_cmd`,
    breaks: `${event}msi DeviceID=8, EventID=0`,
    keeps: `${synced}msi DeviceID=8, EventID=0`,
  },
  "L-15": {
    why: "MOVI takes a pending interrupt from the old redistributor to the new one. Only a SYNC for the old one says that it has left there.",
    source: `${linux} its_build_movi_cmd`,
    breaks: `${synced}MAPC ICID=1, RDbase=1\nMOVI DeviceID=8, EventID=0, ICID=1\nSYNC RDbase=1\nmsi DeviceID=8, EventID=0`,
    keeps: `${synced}MAPC ICID=1, RDbase=1\nMOVI DeviceID=8, EventID=0, ICID=1\nSYNC RDbase=0\nSYNC RDbase=1\nmsi DeviceID=8, EventID=0`,
  },
  "L-16": {
    why: "A GIC may keep the byte that it has read. INV, INVALL, GICR_INVLPIR and GICR_INVALLR have it read again.",
    source: `Arm IHI 0069, LPI configuration tables; ${vgic} update_lpi_config; kvm-unit-tests arm/gic.c its-trigger`,
    breaks: `${synced}mem8[0x40020000] = 0x41\nmsi DeviceID=8, EventID=0`,
    keeps: `${synced}mem8[0x40020000] = 0x41\nINV DeviceID=8, EventID=0\nSYNC RDbase=0\nmsi DeviceID=8, EventID=0`,
  },
  "L-18": {
    why: "MOVALL moves what is pending now. Events whose collection still targets the old redistributor bring their next interrupt there.",
    source: "Arm IHI 0069 5.3.9 MOVALL; kvm-unit-tests arm/gic.c",
    breaks: `${synced}MOVALL RDbase1=0, RDbase2=1\nmsi DeviceID=8, EventID=0`,
    keeps: `${synced}MAPC ICID=0, RDbase=1 # allow L-66\nMOVALL RDbase1=0, RDbase2=1\nSYNC RDbase=1\nmsi DeviceID=8, EventID=0`,
  },
  "L-61": {
    why: "An ITS reads and writes entries in memory. MAPD itself touches none, so the mistake shows far from its cause.",
    source: `${vgic} vgic_its_check_event_id; recordings of QEMU 7.2`,
    breaks: "MAPD DeviceID=8, Size=4, ITT_addr=0x90000000",
    keeps: "MAPD DeviceID=8, Size=4, ITT_addr=0x43f00000",
  },
  "L-65": {
    why: "The mapping is legal, and the collection may be mapped later. Until then the event's interrupts are lost: nothing stays pending.",
    source: `${zyngier}; ${vgic} vgic_its_resolve_lpi`,
    breaks: "MAPD DeviceID=8, Size=4, ITT_addr=0x43f00000\nMAPTI DeviceID=8, EventID=0, pINTID=8192, ICID=0",
    keeps: event,
  },
  "L-66": {
    why: "Whether a collection may be moved under its events is open. Interrupts that are pending on the old redistributor may stay there.",
    source: zyngier,
    breaks: `${event}MAPC ICID=0, RDbase=1`,
    keeps: `${event}MAPC ICID=1, RDbase=1\nMOVI DeviceID=8, EventID=0, ICID=1`,
  },
  "L-69": {
    why: "SYNC completes what was done to the physical interrupts of a redistributor. VSYNC does that for a vPE.",
    source: "Arm GICv3 and GICv4 software overview, quoting IHI 0069 H.b",
    breaks: "machine { model = qemu  gic = 4 }\nVINVALL vPEID=0 => VINVALL_VCPU_OOR\nSYNC RDbase=0",
    keeps: event,
  },
};
