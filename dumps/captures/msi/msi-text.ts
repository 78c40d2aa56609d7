import { FIRST_LPI } from "../../../architecture/intids.ts";
import type { MsiStep } from "./trace-msi.ts";

/** What a link says in one sentence, without an address; and what to do about a broken or an unknown one. */
export interface MsiText {
  readonly sentence: string;
  readonly advice: string | undefined;
}

const hex = (value: number | undefined): string => `0x${(value ?? 0).toString(16)}`;

/** A link of an MSI's way, in words. */
export function msiText({ link, state, values }: MsiStep): MsiText {
  const say = (good: string, broken: string, unknown: string, advice?: string): MsiText => ({
    sentence: { good, broken, unknown }[state],
    advice: state === "broken" ? advice : undefined,
  });
  switch (link) {
    case "GITS_CTLR":
      return say(
        "the ITS is enabled",
        "the ITS is off: it translates nothing",
        "whether the ITS is enabled is unknown (read as 8 bytes with GITS_IIDR it is 0 in QEMU)",
        "Set GITS_CTLR.Enabled.",
      );
    case "device table":
    case "collection table":
    case "vPE table": {
      const { id, type } = {
        "device table": { id: `DeviceID ${hex(values.DeviceID)}`, type: "Devices" },
        "collection table": { id: `ICID ${values.ICID}`, type: "Collections" },
        "vPE table": { id: `vPEID ${values.vPEID}`, type: "vPEs" },
      }[link];
      const register = `GITS_BASER<n> of type ${type}`;
      return say(
        `${id} is one of the table's ${values.Entries}`,
        `${id} is beyond the table, which has ${values.Entries} entries`,
        `where the ${link} is is unknown: ${register} is not in the capture`,
        `Allocate a larger table in ${register}.`,
      );
    }
    case "level-1 entry":
      return say(
        `level-1 entry ${values.Index} names a page`,
        `level-1 entry ${values.Index} is not valid: there is no page of entries`,
        `level-1 entry ${values.Index} is not in the capture`,
        "The driver writes a level-1 entry before it maps a device of that page.",
      );
    case "DTE":
      return say(
        `DeviceID ${hex(values.DeviceID)} is mapped`,
        `DeviceID ${hex(values.DeviceID)} is not mapped`,
        "the DTE is not in the capture",
        "Compare the DeviceID with the device's requester id and with msi-map of the device tree; MAPD maps it.",
      );
    case "EventID":
      return say(
        `EventID ${values.EventID} is one of ${2 ** values.EventIDBits}`,
        `EventID ${values.EventID} is beyond the ${values.EventIDBits} EventID bits of the device's ITT`,
        "",
        "MAPD with a larger Size, and an ITT of that length.",
      );
    case "ITE":
      return say(
        `EventID ${values.EventID} is mapped`,
        `EventID ${values.EventID} is not mapped`,
        "the ITE is not in the capture",
        "MAPTI or MAPI maps it; Linux does that when the driver asks for the vector.",
      );
    case "virtual event":
      return say(`it is virtual INTID ${values.vINTID} of vPE ${values.vPEID}`, "", "");
    case "VTE":
      return say(
        `vPEID ${values.vPEID} is mapped`,
        `vPEID ${values.vPEID} is not mapped`,
        "the VTE is not in the capture",
        "VMAPP maps a vPE to a PE and gives it its virtual pending table.",
      );
    case "vINTID":
      return say(
        `virtual INTID ${values.vINTID} is an LPI of the vPE`,
        values.vINTID < FIRST_LPI
          ? `virtual INTID ${values.vINTID} is no LPI: those begin at ${FIRST_LPI}`
          : `virtual INTID ${values.vINTID} is beyond the ${values.VPT_size} INTID bits of the vPE (VPT_size)`,
        "",
        "Map the event to a virtual LPI that the vPE's pending table covers, or VMAPP with a larger VPT_size.",
      );
    case "virtual pending bit": {
      const whether =
        "whether the vPE is resident (GICR_VPENDBASER), and whether its configuration table enables it, is not followed";
      return say(
        `virtual INTID ${values.vINTID} is ${values.Pending === 1 ? "" : "not "}pending in the table of vPE ${values.vPEID}; ${whether}`,
        "",
        `the pending bit of virtual INTID ${values.vINTID} is not in the capture; ${whether}`,
      );
    }
    case "CTE":
      return say(
        values.PE === undefined ? `ICID ${values.ICID} is mapped` : `ICID ${values.ICID} goes to PE ${values.PE}`,
        values.ICID === undefined ? "the collection of the event is gone" : `ICID ${values.ICID} is not mapped`,
        "the CTE is not in the capture",
        "MAPC maps a collection to a PE.",
      );
    case "PE":
      return say(
        `PE ${values.PE} is there`,
        `PE ${values.PE} is none of the ${values.PEs} PEs whose redistributors are in the capture`,
        `whether there is a PE ${values.PE} is unknown`,
        "Look at RDbase of the MAPC: with GITS_TYPER.PTA = 0 it is a PE's number, not an address.",
      );
    case "GICR_CTLR":
      return say(
        `LPIs are enabled on PE ${values.PE}`,
        `GICR_CTLR.EnableLPIs is 0 on PE ${values.PE}: its LPIs are lost`,
        `whether LPIs are enabled on PE ${values.PE} is unknown`,
        "Set GICR_CTLR.EnableLPIs once GICR_PROPBASER and GICR_PENDBASER are written.",
      );
    case "INTID":
      return say(
        `INTID ${values.INTID} is an LPI`,
        values.INTID < FIRST_LPI
          ? `INTID ${values.INTID} is no LPI: those begin at ${FIRST_LPI}`
          : `INTID ${values.INTID} is beyond the ${values.IDbits} INTID bits of GICR_PROPBASER`,
        "",
        "Map the event to an LPI that the configuration table covers.",
      );
    case "configuration byte":
      return say(
        `LPI ${values.INTID} is enabled, priority ${hex(values.Priority)}`,
        `LPI ${values.INTID} is not enabled in memory (priority ${hex(values.Priority)})`,
        `the configuration byte of LPI ${values.INTID} is not in the capture`,
        "Set bit 0 of its byte, then INV or INVALL: the GIC may have cached the old one.",
      );
    case "cached configuration":
      return say(
        `the GIC has read it before: LPI ${values.INTID} is enabled there, with priority ${hex(values.Priority)}; memory counts after INV or INVALL`,
        `the GIC has read it before, when LPI ${values.INTID} was not enabled`,
        "",
        "INV of the event, or INVALL of its collection, makes the GIC read the byte again.",
      );
    case "GICD_CTLR":
      return say(
        "Group 1 interrupts go to the CPU interfaces",
        "GICD_CTLR.EnableGrp1 is 0: no Group 1 interrupt, and so no LPI, goes to a CPU interface",
        "",
        "Set GICD_CTLR.EnableGrp1 (EnableGrp1A of a Non-secure reader), with ARE.",
      );
    case "ICC_IGRPEN1_EL1":
      return say(
        `Group 1 interrupts are enabled on PE ${values.PE}`,
        `ICC_IGRPEN1_EL1.Enable is 0 on PE ${values.PE}`,
        "",
        "Set it on that PE.",
      );
    case "ICC_PMR_EL1":
      return say(
        `priority ${hex(values.Priority)} passes the mask ${hex(values.Mask)} of PE ${values.PE}`,
        `priority ${hex(values.Priority)} is masked on PE ${values.PE}, whose ICC_PMR_EL1 is ${hex(values.Mask)}: only what is below it passes`,
        "",
        values.Mask === 0
          ? "ICC_PMR_EL1 is 0 after reset: write 0xf0 or 0xff on that PE."
          : "Write a higher mask on that PE, or give the LPI a more urgent priority and INV.",
      );
    case "ICC_RPR_EL1":
      return say(
        (values.Priority ?? 0) < (values.Running ?? 0xff)
          ? `nothing as urgent is active on PE ${values.PE}`
          : `an interrupt of priority ${hex(values.Running)} is active on PE ${values.PE}${values.Running === values.Priority ? ": it may be this LPI, which was taken and has not ended (LPIs have no active state of their own that would tell)" : ""}; the next MSI waits for its end`,
        `an interrupt of priority ${hex(values.Running)} is active on PE ${values.PE}: priority ${hex(values.Priority)} waits for its end`,
        "",
        "A write of ICC_EOIR1_EL1 (and ICC_DIR_EL1 with EOImode 1) ends it.",
      );
    case "list register":
      return say(
        `LPI ${values.INTID} is in ICH_LR${values.Index}_EL2 of PE ${values.PE}, ${["Invalid", "Pending", "Active", "Pending and active"][values.State ?? 0]}`,
        "",
        `LPI ${values.INTID} is in no list register of PE ${values.PE}: KVM puts it into one when the vCPU enters its guest, if more urgent ones leave room`,
      );
    case "pending bit":
      return say(
        values.Pending === 1
          ? `LPI ${values.INTID} is pending on PE ${values.PE}: it has come, and the PE has not taken it. Look at ICC_PMR_EL1, ICC_IGRPEN1_EL1 and GICD_CTLR`
          : `LPI ${values.INTID} is not pending in the table of PE ${values.PE}: it was taken, or it has not come. A redistributor may also keep pending bits for itself while EnableLPIs is 1`,
        "",
        `the pending bit of LPI ${values.INTID} is not in the capture`,
      );
  }
}
