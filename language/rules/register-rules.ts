import { hex } from "../../architecture/index.ts";
import { everywhere, modelRule } from "./model-rule.ts";

/** Rules about registers, memory and what a VMM does, which are looked at before and after a statement. */
export const registerRules = {
  vlpiOutOfRange: modelRule("L-21", "A vLPI is beyond GICR_VPROPBASER.IDbits of the redistributor", {
    what: (vintid: number, pe: number, limit: number) =>
      `vINTID ${vintid} goes to the vPE that runs on PE ${pe}, whose GICR_VPROPBASER.IDbits ends at ${limit - 1}`,
    effects: {
      kvm: "there are no vPEs",
      qemu: "the vLPI is dropped",
      arch: "the vLPI is pending in its table, and the vPE is not given it",
    },
    advice: "Write GICR_VPROPBASER.IDbits for all vINTIDs of the vPE before GICR_VPENDBASER.Valid = 1, on every PE",
  }),
  writerBeyondQueue: modelRule("L-21b", "GITS_CWRITER is set beyond the end of the command queue", {
    what: (offset: number, bytes: number) =>
      `GITS_CWRITER.Offset is to be ${hex(offset)}, and the queue has ${hex(bytes)} bytes`,
    effects: {
      kvm: "the write is ignored, and no command is carried out",
      "kvm-draft-2016":
        "an offset that is the size of the queue is taken, and its commands are carried out; another one is ignored",
      qemu: "no command is carried out until GITS_CWRITER points into the queue",
      arch: "UNPREDICTABLE; no command is carried out until GITS_CWRITER points into the queue",
    },
    advice: "Behind the last slot go on at offset 0: a queue that is full holds one command less than it has slots",
  }),
  pointersBeforeQueue: modelRule("L-33", "GITS_CBASER is restored after GITS_CREADR or GITS_CWRITER", {
    what: (register: string, value: bigint) => `${register} is ${hex(value)} when GITS_CBASER is written`,
    effects: everywhere(
      "the write of GITS_CBASER sets the pointers back to 0: the old queue is lost, or runs again when GITS_CWRITER is written",
    ),
    advice: "Write GITS_CBASER first, then GITS_CREADR, then GITS_CWRITER, and GITS_CTLR last",
  }),
  enabledBeforeTables: modelRule(
    "L-34",
    "The tables are restored into an ITS that is enabled, or its GITS_IIDR is restored after them",
    {
      what: (why: string) => why,
      effects: everywhere(
        "MSIs and commands may meet tables that are half there; a GITS_IIDR that comes later may say another layout than the one that was read",
      ),
      advice: "Restore GITS_IIDR and the other registers, then the tables, and GITS_CTLR last",
    },
  ),
  tableRegisterWhileEnabled: modelRule("L-35", "GITS_CBASER or GITS_BASER<n> is written while the ITS is enabled", {
    what: (register: string) => `GITS_CTLR.Enabled is 1 while ${register} is written`,
    effects: { kvm: "the write is ignored", qemu: "the write is ignored", arch: "UNPREDICTABLE; the write is ignored" },
    advice: "Write GITS_CTLR.Enabled = 0 and wait for GITS_CTLR.Quiescent = 1 first",
  }),
  otherThanWritten: modelRule("L-36", "GITS_BASER<n> holds other values than were written", {
    what: (register: string, fields: string) => `${register} reads back differently: ${fields}`,
    effects: everywhere("the ITS uses the table as the register reads"),
    advice: "Read the register back, and write the memory for the values that it has",
    severity: "information",
  }),
  queueNotAligned: modelRule("L-37", "The command queue is not where GITS_CBASER was told", {
    what: (written: bigint, used: bigint) => `The queue is to be at ${hex(written)}, and the ITS reads ${hex(used)}`,
    effects: {
      kvm: "the address is cut to a multiple of 64 KiB",
      qemu: "the address is cut to what the register holds",
      arch: "the address is cut to what the register holds",
    },
    advice: "Put the queue at a multiple of 64 KiB",
  }),
  lpiTableWhileEnabled: modelRule("L-40", "GICR_PROPBASER or GICR_PENDBASER is written while LPIs are enabled", {
    what: (register: string) => `GICR_CTLR.EnableLPIs is 1 while ${register} is written`,
    effects: {
      kvm: "the write is ignored",
      qemu: "the write takes effect, and the tables change under the LPIs",
      arch: "UNPREDICTABLE; the write is ignored",
    },
    advice:
      "Write the register before GICR_CTLR.EnableLPIs = 1; where LPIs are on since before, use the tables that are there",
  }),
  readOnly: modelRule("L-62", "A register that cannot be written is written", {
    what: (name: string) => `${name} is read-only`,
    effects: everywhere("the write is ignored"),
    advice: "Remove the write, or write the register that sets what this one shows",
  }),
  access: modelRule("L-63", "A register is accessed with a width or at an address that it does not have", {
    what: (width: number, what: string) => `A ${width}-bit access ${what}`,
    effects: {
      kvm: "it reads as 0 and writes nothing",
      qemu: "it reads as 0, reaches the registers beside, or ends in an external abort",
      arch: "it is open; reads give 0 or the registers side by side",
    },
    advice: "Access a register at its address, with its own width or, one of 64 bits, in two halves of 32",
  }),
  noSuchInterrupt: modelRule("L-64", "An interrupt that the machine does not have is asked for", {
    what: (intid: number, why: string) => `INTID ${intid} ${why}`,
    effects: everywhere("it is never pending, so the answer is always 0"),
    advice:
      "Correct the INTID: SGIs are 0 to 15, PPIs 16 to 31, SPIs 32 to 1019 as far as there are, LPIs from 8192 on",
  }),
  differentPropertyTables: modelRule(
    "L-70",
    "Redistributors with LPIs enabled have different LPI configuration tables",
    {
      what: (pe: number, other: number) =>
        `GICR_PROPBASER of PE ${pe} and of PE ${other} differ, and LPIs are enabled on both`,
      effects: {
        kvm: "the VM has one GICR_PROPBASER, so this does not come about",
        qemu: "each PE uses its own table",
        arch: "UNPREDICTABLE where GICR_TYPER.CommonLPIAff is the same; each PE uses its own table",
      },
      advice: "Give all redistributors the same GICR_PROPBASER",
    },
  ),
  nothingToRestore: modelRule("L-73", "RESTORE_TABLES has no table to read", {
    what: (register: string) => `${register}.Valid is 0`,
    effects: {
      kvm: "the call is done and nothing is restored",
      qemu: "there is no such call",
      arch: "there is no such call",
    },
    advice: "CTRL/RESET clears GITS_BASER<n>: restore the registers with user-write, then the tables",
  }),
  notEnabled: modelRule("L-74", "GITS_CTLR.Enabled = 1 has no effect", {
    what: (why: string) => `GITS_CTLR.Enabled stays 0: ${why}`,
    effects: {
      kvm: "the ITS is enabled only while GITS_CBASER and GITS_BASER0 and 1 are valid",
      qemu: "the write is ignored",
      arch: "the write is ignored",
    },
    advice: "Write GITS_CBASER and GITS_BASER<n> with Valid=1 before GITS_CTLR",
  }),
} as const;
