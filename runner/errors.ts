import { commandErrorByCode } from "../architecture/index.ts";
import { defineDiagnostic } from "../language/diagnostic.ts";
import type { Fault, ModelsDiffer } from "../language/diagnostic-data.ts";
import { absentRegister } from "./absent-register.ts";
import { deviceInsteadOfMemory } from "./device-frames.ts";
import { faultAdvice, faultSentence } from "./fault.ts";

const times = (count: number): string => (count === 1 ? "" : `, ${count} times`);
const mebibytes = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)} MiB`;

/** What goes wrong when a script runs. The language's own catalogue ends at ITS04xx. */
export const runErrors = {
  commandFailed: defineDiagnostic(
    "ITS0501",
    "The ITS refused a command",
    /** @param code 0x01CCEE @param effect what the model did, a sentence */
    (code: number, fault: Fault, effect: string) => {
      const error = commandErrorByCode(code);
      const number = `0x${code.toString(16).padStart(6, "0").toUpperCase()}`;
      return `${error?.name ?? "error"} (${number}): ${faultSentence(fault)}. ${effect} ${faultAdvice(fault, code)}`.trim();
    },
    { data: (_code, fault, _effect) => fault },
  ),
  commandFault: defineDiagnostic(
    "ITS0502",
    "A command met memory that is not there",
    (sentence: string, effect: string) => `${sentence} ${effect}`,
  ),
  unknownCommand: defineDiagnostic(
    "ITS0503",
    "The model has no such command",
    (model: string, opcode: string) =>
      `${model} has no command with opcode ${opcode}: it skips it. Choose a model that has it.`,
  ),
  hostCrash: defineDiagnostic("ITS0504", "The host's kernel would crash", (sentence: string) => `${sentence}.`),
  notProcessed: defineDiagnostic(
    "ITS0505",
    "A command stays in the queue",
    (reason: string) => `The command is in the queue but was not processed: ${reason}`,
    { severity: "warning" },
  ),
  noQueue: defineDiagnostic("ITS0506", "There is no command queue", (reason: string) => reason),
  busError: defineDiagnostic(
    "ITS0507",
    "Nothing answers at an address",
    (what: string) => `Nothing answers at ${what}: the access ends in an external abort.`,
  ),
  mmioExit: defineDiagnostic(
    "ITS0525",
    "An access leaves KVM",
    (what: string) =>
      `No device of the kernel claims ${what}: the access is an exit to user space (KVM_EXIT_MMIO), where nothing answers it. Write => MMIO_EXIT if that is meant.`,
  ),
  noMemory: defineDiagnostic(
    "ITS0508",
    "There is no RAM at an address",
    (from: string, to: string) => `There is no RAM at ${from} to ${to}. See the ram lines of the machine.`,
  ),
  deviceIsNoMemory: defineDiagnostic("ITS0508", "There is no RAM at an address", deviceInsteadOfMemory),
  noRegister: defineDiagnostic("ITS0509", "The machine has no such register", absentRegister),
  noRegisterAttribute: defineDiagnostic(
    "ITS0509",
    "The machine has no such register",
    (name: string) => `No device attribute of this machine reaches ${name}.`,
  ),
  noRegisterOfPe: defineDiagnostic(
    "ITS0509",
    "The machine has no such register",
    (name: string, pe: number, cpus: number) => `This machine has PEs 0 to ${cpus - 1}, and so no ${name} of PE ${pe}.`,
  ),
  hypervisorRegister: defineDiagnostic(
    "ITS0535",
    "A register of the hypervisor cannot be written",
    (name: string) =>
      `${name} belongs to the host's kernel, which writes it when a vCPU enters its guest: a script can only read it. Make the interrupt pending, and run the vCPU with vcpu-run.`,
  ),
  readOnlyRegister: defineDiagnostic(
    "ITS0536",
    "A system register cannot be written",
    (name: string) => `${name} is read-only: writing it is UNDEFINED, an exception of the PE. Remove the line.`,
  ),
  expectationFailed: defineDiagnostic(
    "ITS0510",
    "An expectation failed",
    /** @param equal the value that was to be found; undefined: any of several would have done */
    (expected: string, found: string, message: string, _equal: string | undefined) =>
      `${message}expected ${expected}, found ${found}.`,
    {
      data: (_expected, found, _message, equal) =>
        equal === undefined ? undefined : { kind: "expectation", expected: equal, found },
    },
  ),
  modelsDiffer: defineDiagnostic(
    "ITS0510",
    "An expectation failed",
    /** @param told the first line that differs, with the answers */
    (message: string, others: string, told: string, _difference: ModelsDiffer) =>
      `${message}expected the same as on ${others}, but ${told}.`,
    { data: (_message, _others, _told, difference) => difference },
  ),
  notCompared: defineDiagnostic(
    "ITS0537",
    "Lines cannot be compared with another model",
    (message: string, others: string, reason: string) =>
      `${message}the lines above cannot be compared with ${others}: ${reason}.`,
  ),
  noSlot: defineDiagnostic(
    "ITS0538",
    "The command queue has no such slot",
    (slot: number, slots: number, its: number) =>
      `The command queue of ITS ${its} has the slots 0 to ${slots - 1}, as GITS_CBASER.Size says, and no slot ${slot}.`,
  ),
  slotNotFree: defineDiagnostic(
    "ITS0539",
    "A slot of the command queue is in use",
    (slot: number, reader: number, writer: number) =>
      `Slot ${slot} cannot be reached: from slot ${reader} on (GITS_CREADR) commands wait that were not processed, up to slot ${writer} (GITS_CWRITER), and the SYNCs that lead there would overwrite them. Let the ITS process them first.`,
  ),
  outcomeDiffers: defineDiagnostic(
    "ITS0511",
    "Another outcome than expected",
    (expected: string, found: string) => `Expected ${expected}, found ${found}.`,
    { data: (expected, found) => ({ kind: "expectation", expected, found }) },
  ),
  actionFailed: defineDiagnostic(
    "ITS0512",
    "A host operation failed",
    (action: string, errno: string) => `${action} gives ${errno}.`,
  ),
  noAction: defineDiagnostic(
    "ITS0513",
    "The model has no such host operation",
    (action: string, model: string) =>
      `${model} keeps its tables in guest memory, so there is nothing to ${action}. Remove the line.`,
  ),
  machineFailed: defineDiagnostic(
    "ITS0514",
    "The machine cannot be built",
    (reason: string) => `This machine cannot be built: ${reason}.`,
  ),
  msiBlocked: defineDiagnostic(
    "ITS0515",
    "An MSI was not delivered",
    (errno: string) =>
      `The MSI is lost: ${errno}, the ITS or LPIs of the target PE are disabled. Set GITS_CTLR.Enabled and GICR_CTLR.EnableLPIs.`,
  ),
  msiRefused: defineDiagnostic(
    "ITS0515",
    "An MSI was not delivered",
    /** @param code 0x01CCEE */
    (code: number, fault: Fault) => `The MSI is lost: ${faultSentence(fault)}. ${faultAdvice(fault, code)}`.trim(),
    { data: (_code, fault) => fault },
  ),
  unpredictable: defineDiagnostic(
    "ITS0516",
    "The architecture leaves open what happens",
    (
      model: string,
      { rule, title, reading, source }: Readonly<Record<"rule" | "title" | "reading" | "source", string>>,
      count: number,
    ) => `UNPREDICTABLE (${rule})${times(count)}: ${title}. On ${model}: ${reading}. Source: ${source}.`,
    { severity: "warning" },
  ),
  systemError: defineDiagnostic(
    "ITS0517",
    "The ITS signals a System error",
    (name: string, count: number) => `GITS_TYPER.SEIS = 1: the ITS signals a System error for ${name}${times(count)}.`,
    { severity: "warning" },
  ),
  noUserSpace: defineDiagnostic(
    "ITS0518",
    "The model has no VMM",
    (verb: string, model: string) => `${verb} is what a VMM does; ${model} has none. Choose a model of KVM.`,
  ),
  noPe: defineDiagnostic(
    "ITS0519",
    "The machine has no such PE",
    (pe: string, cpus: number) => `This machine has PEs 0 to ${cpus - 1}, no PE ${pe}.`,
  ),
  batchTooLong: defineDiagnostic(
    "ITS0534",
    "The commands of a batch do not fit",
    (reason: string) => `${reason} What the batch stored before this line is handed over at its }.`,
  ),
  noDevice: defineDiagnostic(
    "ITS0521",
    "The machine has no such device",
    (model: string, device: string) => `This machine of ${model} has no device ${device}.`,
  ),
  noInput: defineDiagnostic(
    "ITS0523",
    "The machine has no such input",
    (what: string) => `This machine has no input for ${what}: SPIs are 32 to 1019 as far as there are, PPIs 16 to 31.`,
  ),
  noHost: defineDiagnostic(
    "ITS0524",
    "The model has no host",
    (verb: string, model: string) =>
      `${verb} is about the host of a KVM guest; ${model} has none. Choose a model of KVM.`,
  ),
  noIts: defineDiagnostic(
    "ITS0522",
    "The machine has no ITS",
    () => "This machine has GICv2, and so no ITS. Remove the line, or write gic = 3.",
  ),
  noItsOfNumber: defineDiagnostic(
    "ITS0522",
    "The machine has no ITS",
    (its: number | bigint, count: number, model: string) =>
      `This machine of ${model} has ${count === 1 ? "one ITS, number 0" : `ITSs 0 to ${count - 1}`}, and no ITS ${its}. Write its = ADDRESS once more in its machine block.`,
  ),
  memoryLimit: defineDiagnostic(
    "ITS0527",
    "A line needs too much memory",
    (bytes: number, kept: boolean) =>
      `This line would make the script's machines hold more than ${mebibytes(bytes)} of memory, so it is not carried out. ${
        kept ? "" : "What it did before that cannot be taken back. "
      }Write or fill less RAM, or use fewer machines.`,
  ),
  tooLong: defineDiagnostic(
    "ITS0526",
    "A line takes too long",
    (seconds: number) =>
      `This line runs longer than ${seconds} seconds here, so it and the lines below are not checked by running them. Debug the script, or run it with gicwb run, to have it carried out to the end.`,
    { severity: "information" },
  ),
  mappingsNotFollowed: defineDiagnostic(
    "ITS0528",
    "What is mapped is not followed any further",
    () =>
      "The script has mapped so much by here that the editor does not follow it any further: from this line on, definitions, the outline and suggested ids do not know what is mapped. The script runs as before; debug it to see its tables.",
    { severity: "information" },
  ),
  noMigration: defineDiagnostic(
    "ITS0529",
    "The machine cannot be migrated",
    (from: string, to: string, reason: string) => `${from} cannot be migrated to ${to}: ${reason}.`,
  ),
  noSnapshot: defineDiagnostic(
    "ITS0530",
    "There is no such snapshot",
    (name: string, known: string) =>
      `No line above has taken a snapshot ${name}. ${known === "" ? "" : `There are ${known}. `}Write snapshot ${name} where it is to be taken.`,
  ),
  snapshotElsewhere: defineDiagnostic(
    "ITS0530",
    "There is no such snapshot",
    (name: string, line: number) =>
      `The snapshot ${name} of line ${line} is of another machine: a machine block or migrate stands between. Take one of this machine.`,
  ),
  snapshotForgotten: defineDiagnostic(
    "ITS0530",
    "There is no such snapshot",
    (name: string) => `The snapshot ${name} is too long ago: the journal does not reach so far back.`,
  ),
  noFile: defineDiagnostic(
    "ITS0531",
    "A file cannot be read",
    (file: string, reason: string) => `"${file}": ${reason}`,
  ),
  fileNotChecked: defineDiagnostic(
    "ITS0532",
    "A line is not checked",
    (file: string) => `"${file}" is not read here, so the lines below are checked without it.`,
    { severity: "information" },
  ),
  noLpi: defineDiagnostic("ITS0533", "There is no such LPI", (reason: string) => reason),
  noStep: defineDiagnostic("ITS0520", "There is nothing to step", (sentence: string) => sentence),
} as const;
