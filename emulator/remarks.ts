/** A thing that software did for which the architecture leaves open what happens, or that an ITS reports by a System error. */
export interface RemarkRule {
  /** What was done. */
  readonly title: string;
  /** What this model does then. */
  readonly reading: string;
  /** Who says that it is left open; "no source found" where the rule is this model's own reading. */
  readonly source: string;
}

const registerPages = "Arm system register pages (IHI0069 chapter 12.19)";
const kvmList = "Marc Zyngier on kvmarm and linux-kernel, December 2019, quoting IHI0069";
const linuxIts = "Linux drivers/irqchip/irq-gic-v3-its.c";
const own = "no source found: a reading chosen here";

/** Every rule by its name. A remark carries the name alone, so that nothing is made of it where nobody listens. */
export const remarkRules = {
  "remap-event": {
    title: "MAPTI, MAPI, VMAPTI or VMAPI names an event that is mapped already",
    reading: "the new mapping replaces the old one; a pending interrupt of the old one stays pending",
    source: `${linuxIts} comments (remapping is UNPREDICTABLE; it uses VMOVI instead)`,
  },
  "remap-device": {
    title: "MAPD with V = 1 names a device that is mapped already",
    reading: "the new ITT replaces the old one, whose events are lost without a DISCARD",
    source: `${kvmList} (re-issuing mappings that exist)`,
  },
  "unmap-device-with-events": {
    title: "MAPD with V = 0 names a device that still has mapped events",
    reading: "the device is unmapped; its events can no longer be reached and their pending state stays",
    source: own,
  },
  "overlapping-itts": {
    title: "MAPD gives a device an ITT that overlaps another device's",
    reading: "both use the memory; noticed for the neighbours by address, so always for the first overlap",
    source: own,
  },
  "unmap-collection-with-events": {
    title: "MAPC with V = 0 names a collection that still has mapped events",
    reading: "the events stay mapped and cannot be delivered until the collection is mapped again",
    source: kvmList,
  },
  "remap-collection-with-events": {
    title: "MAPC with V = 1 moves a collection that has mapped events to another redistributor",
    reading: "later interrupts go to the new redistributor; what is pending stays at the old one",
    source: kvmList,
  },
  "remap-vpe": {
    title: "VMAPP with V = 1 names a vPE that is mapped already",
    reading: "the new mapping replaces the old one",
    source: own,
  },
  "unmap-vpe-with-events": {
    title: "VMAPP with V = 0 names a vPE that still has mapped events",
    reading: "the events stay mapped and cannot be delivered until the vPE is mapped again",
    source: own,
  },
  "vmapp-alloc": {
    title: "VMAPP.Alloc does not say whether this is the vPE's first mapping or the removal of its last one",
    reading: "the count over all ITSs decides what is set up and dropped, Alloc is not believed",
    source: `${linuxIts} its_build_vmapp_cmd`,
  },
  "vmapp-ptz": {
    title: "VMAPP with PTZ = 1 gives a virtual pending table that is not zero",
    reading: "the table's bits are taken as they are",
    source: own,
  },
  "vmovp-sequence": {
    title:
      "a VMOVP does not agree with the earlier ones of its Sequence_Number, or its ITSList does not fit this machine",
    reading: "its own ITSList, vPEID and RDbase replace those of the earlier ones, and the move begins anew",
    source: `${registerPages}, GITS_TYPER.VMOVP`,
  },
  "vmovp-incomplete": {
    title: "VSYNC follows a VMOVP that some ITS of its ITSList has not got yet",
    reading: "VSYNC completes; the vPE moves when the last ITS has taken its VMOVP",
    source: own,
  },
  "vmovp-resident": {
    title: "VMOVP moves a vPE that is resident",
    reading: "the mapping changes; the vPE stays resident where it is until GICR_VPENDBASER says otherwise",
    source: own,
  },
  "sync-without-target": {
    title: "SYNC names a redistributor that does not exist",
    reading: "it does nothing",
    source: own,
  },
  "reserved-opcode": {
    title: "the opcode is no command of this GIC version",
    reading: "the command is ignored and the queue goes on",
    source: own,
  },
  "reserved-bits": {
    title: "bits of a command that are RES0 are set",
    reading: "they are ignored",
    source: "Arm IHI0069, RES0",
  },
  "register-while-enabled": {
    title: "GITS_CBASER or GITS_BASER<n> is written while GITS_CTLR.Enabled = 1",
    reading: "the write is ignored",
    source: registerPages,
  },
  "cwriter-out-of-range": {
    title: "GITS_CWRITER is beyond the command queue",
    reading: "nothing is processed until a valid value is written (the first of the two choices that are allowed)",
    source: `${registerPages}, GITS_CWRITER`,
  },
  "queue-not-valid": {
    title: "commands are to be processed while GITS_CBASER.Valid = 0",
    reading: "nothing is processed",
    source: own,
  },
  "reserved-page-size": {
    title: "GITS_BASER<n>.Page_Size or GICR_VPROPBASER.Page_Size is 3, which is reserved",
    reading: "it counts as 64 KiB",
    source: `${registerPages}; QEMU and Xen do the same`,
  },
  "lpi-table-while-enabled": {
    title: "GICR_PROPBASER or GICR_PENDBASER is written while GICR_CTLR.EnableLPIs = 1",
    reading: "the write is ignored, as KVM does it",
    source: own,
  },
  "pending-table-not-zero": {
    title: "LPIs are enabled with GICR_PENDBASER.PTZ = 1 and a pending table that is not zero",
    reading: "software is believed: nothing is pending, and the table is cleared",
    source: own,
  },
  "vpendbaser-while-valid": {
    title: "GICR_VPENDBASER is written with Valid = 1 while Valid = 1",
    reading: "the write is ignored",
    source: "Arm IHI0069E 9.11.36",
  },
  "vpe-not-schedulable": {
    title: "GICR_VPENDBASER makes a vPE resident that is not mapped, or GICR_VPROPBASER is not valid",
    reading: "Valid stays 0",
    source: own,
  },
  "vpe-resident-twice": {
    title: "GICR_VPENDBASER makes a vPE resident that is resident on another PE",
    reading: "it is resident on both; only the PE of its mapping gets new interrupts",
    source: own,
  },
  "vpe-not-mapped": {
    title: "GITS_SGIR or GICR_VSGIR names a vPE that is not mapped",
    reading: "the write does nothing; GICR_VSGIPENDR reads as 0",
    source: own,
  },
} as const satisfies Readonly<Record<string, RemarkRule>>;

export type RemarkName = keyof typeof remarkRules;

/** Something to tell about a machine's use, beside the outcomes of commands. */
export type Remark =
  | {
      readonly kind: "unpredictable";
      readonly rule: RemarkName;
      /** ITS that it is about; undefined for a redistributor's. */
      readonly its: number | undefined;
      /** PE whose redistributor it is about. */
      readonly pe: number | undefined;
    }
  | {
      /** GITS_TYPER.SEIS = 1: the command error is signalled as a System error, too. */
      readonly kind: "system-error";
      readonly its: number;
      /** 0x01CCEE, 0 for a table or command that could not be read. */
      readonly code: number;
    };

/** Takes remarks on behalf of one machine; without a listener they cost a comparison. */
export class Remarks {
  listener: ((remark: Remark) => void) | undefined;

  ofIts(its: number, rule: RemarkName): void {
    this.listener?.({ kind: "unpredictable", rule, its, pe: undefined });
  }

  ofPe(pe: number, rule: RemarkName): void {
    this.listener?.({ kind: "unpredictable", rule, its: undefined, pe });
  }

  systemError(its: number, code: number): void {
    this.listener?.({ kind: "system-error", its, code });
  }
}
