// Writes docs/models.md from the decisions of the models and from the models themselves:  node scripts/generate-models.ts
import { writeFileSync } from "node:fs";
import {
  type CommandWords,
  commandByName,
  commandField,
  defaultModel,
  encodeCommand,
  fieldArgument,
  kvmHosts,
  type ModelName,
} from "../architecture/index.ts";
import { createMachine, type Machine, releasedModelNames } from "../emulator/index.ts";
import { archModels } from "../emulator/models/arch.ts";
import {
  archDecisionFacts,
  type DecisionFact,
  kvmDecisionFacts,
  qemuDecisionFacts,
} from "../emulator/models/decisions.ts";
import { hostFacts, hosts } from "../emulator/models/host.ts";
import { kvmModels } from "../emulator/models/kvm.ts";
import { draftModels } from "../emulator/models/kvm-drafts.ts";
import type { KvmDecisions } from "../emulator/models/model.ts";
import { qemuModels } from "../emulator/models/qemu.ts";
import type { KvmTableAbi } from "../emulator/models/table-abi.ts";
import { remarkRules } from "../emulator/remarks.ts";
import { compareModels, EmulatorTarget, setUpTarget } from "../runner/index.ts";
import { inProject } from "./project.ts";

type Value = string | number | boolean | readonly KvmTableAbi[];

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function shown(value: Value): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "object") return String(value);
  const sizes = value.map(({ revision, dteBytes, iteBytes, vpteBytes }) => {
    return `${revision}: DTE ${dteBytes}, ITE ${iteBytes} bytes${vpteBytes === 0 ? "" : ", a vPE table"}`;
  });
  return sizes.join("; ");
}

/** A table of a family: a row a decision, a column a model; values that all models share stand once. */
function family<Decisions extends object>(
  facts: Readonly<Record<keyof Decisions, DecisionFact>>,
  models: readonly (readonly [string, Decisions])[],
): string {
  const names = Object.keys(facts) as (keyof Decisions & string)[];
  const rows = names.map((name) => {
    const values = models.map(([, decisions]) => shown(decisions[name] as Value));
    return [facts[name].title, ...values, `\`${name}\`; ${facts[name].source}`];
  });
  return table(["decision", ...models.map(([name]) => `\`${name}\``), "name and source"], rows);
}

/** What the drafts decide otherwise than the newest kernel, where no kernel does. */
function draftTable(): string {
  const names = (Object.keys(kvmDecisionFacts) as (keyof KvmDecisions)[]).filter((name) => {
    const kernels: readonly unknown[] = Object.values(kvmModels).map(({ kvm }) => kvm[name]);
    return name !== "kernel" && Object.values(draftModels).some(({ kvm }) => !kernels.includes(kvm[name]));
  });
  const models = [kvmModels["kvm-7.2"], ...Object.values(draftModels)];
  const rows = names.map((name) => [kvmDecisionFacts[name].title, ...models.map(({ kvm }) => shown(kvm[name]))]);
  return table(["decision", ...models.map(({ name }) => `\`${name}\``)], rows);
}

type Line = readonly [name: string, args: Readonly<Record<string, number>>];

function packet([name, args]: Line): CommandWords {
  const command = commandByName(name);
  if (command === undefined) throw new Error(name);
  const raw = Object.entries(args).map(([key, value]): [string, bigint] => {
    const field = commandField(command, key);
    if (field === undefined) throw new Error(`${name} has no field ${key}`);
    return [key, BigInt(value) / fieldArgument(field, 1n)];
  });
  return encodeCommand(command, Object.fromEntries(raw));
}

const RAM = 0x4000_0000;
const RAM_BYTES = 0x40_0000;
const ITT = RAM + 0x30_0000;
const device: readonly Line[] = [
  ["MAPC", { ICID: 0, RDbase: 0 }],
  ["MAPD", { DeviceID: 1, Size: 4, ITT_addr: ITT }],
];
const event: readonly Line[] = [...device, ["MAPTI", { DeviceID: 1, EventID: 2, pINTID: 8200, ICID: 0 }]];
const withoutCollection: readonly Line[] = [...device, ["MAPTI", { DeviceID: 1, EventID: 2, pINTID: 8200, ICID: 5 }]];
const mapped = { DeviceID: 1, EventID: 2 };

/** Situations in which models differ, or in which it is good to know that they don't. */
const situations: readonly (readonly [title: string, before: readonly Line[], command: Line])[] = [
  ["INT of a device that is not mapped", [], ["INT", { DeviceID: 9, EventID: 0 }]],
  ["INT of an EventID beyond the ITT", device, ["INT", { DeviceID: 1, EventID: 99 }]],
  ["INT of an event that is not mapped", device, ["INT", mapped]],
  ["INT of an event whose collection is not mapped", withoutCollection, ["INT", mapped]],
  ["DISCARD of an event whose collection is not mapped", withoutCollection, ["DISCARD", mapped]],
  ["CLEAR of an event whose collection is not mapped", withoutCollection, ["CLEAR", mapped]],
  ["INV of an event whose collection is not mapped", withoutCollection, ["INV", mapped]],
  ["INVALL of a collection that is not mapped", [], ["INVALL", { ICID: 3 }]],
  ["MAPTI to a collection that is not mapped", device, ["MAPTI", { ...mapped, pINTID: 8200, ICID: 5 }]],
  ["MAPTI of an event that is mapped, to LPI 8201", event, ["MAPTI", { ...mapped, pINTID: 8201, ICID: 0 }]],
  ["MAPTI with pINTID 8191", device, ["MAPTI", { ...mapped, pINTID: 8191, ICID: 0 }]],
  ["MAPTI with an ICID beyond the collection table", device, ["MAPTI", { ...mapped, pINTID: 8200, ICID: 40000 }]],
  ["MAPI with an EventID beyond the ITT", device, ["MAPI", { DeviceID: 1, EventID: 9000, ICID: 0 }]],
  ["MAPD with V = 0 and a Size that is too large", device, ["MAPD", { DeviceID: 1, Size: 31, V: 0 }]],
  ["MAPD with Size 16", [], ["MAPD", { DeviceID: 1, Size: 16, ITT_addr: ITT }]],
  ["MAPC with V = 0 and an ICID beyond the table", [], ["MAPC", { ICID: 40000, V: 0 }]],
  ["MAPC to a PE that does not exist", [], ["MAPC", { ICID: 1, RDbase: 9 }]],
  ["MOVI to a collection that is not mapped", event, ["MOVI", { ...mapped, ICID: 4 }]],
  ["MOVALL from a PE that does not exist", [], ["MOVALL", { RDbase1: 9, RDbase2: 0 }]],
  ["SYNC of a PE that does not exist", [], ["SYNC", { RDbase: 9 }]],
];

/** A machine of the strict model, set up, in which some commands have run. */
function situation(before: readonly Line[]): Machine {
  const machine = createMachine({ model: "arch", cpus: 2, ram: [{ base: RAM, bytes: RAM_BYTES }] });
  setUpTarget(new EmulatorTarget(machine), RAM, RAM_BYTES);
  const queue = Number((machine.read(machine.map.its[0] + 0x80, 8) ?? 0n) & 0xf_ffff_ffff_f000n);
  before.forEach((line, index) => {
    for (const [at, word] of packet(line).entries()) machine.write(queue + index * 32 + at * 8, 8, word);
  });
  machine.write(machine.map.its[0] + 0x88, 8, BigInt(before.length * 32));
  return machine;
}

/** What every model says, models that say the same together. */
function answers(before: readonly Line[], command: Line): string {
  const said = new Map<string, ModelName[]>();
  for (const model of releasedModelNames) {
    const [answer] = compareModels(situation(before), 0, packet(command), [model]);
    const intid = command[0] === "MAPTI" && answer.outcome === 0 ? `, LPI ${answer.event?.intid}` : "";
    const text = `${answer.text}${intid}`;
    said.set(text, [...(said.get(text) ?? []), model]);
  }
  return [...said].map(([text, models]) => `${grouped(models)}: ${text}`).join("; ");
}

/** Models as a list; all kernels together are `kvm-*`. */
function grouped(models: readonly ModelName[]): string {
  const kernels = Object.keys(kvmModels);
  const all = kernels.every((kernel) => models.some((model) => model === kernel));
  const names = all ? ["kvm-*", ...models.filter((model) => !kernels.includes(model))] : models;
  return names.map((name) => `\`${name}\``).join(", ");
}

/** The text of docs/models.md. */
export function modelsPage(): string {
  return `<!-- Written by scripts/generate-models.ts from emulator/models; change those, then run it. -->

# Models

A model is a named set of behaviours. Each difference is one named decision; what is not listed is the same in all models of a family.

${table(
  ["model", "what it is"],
  [kvmModels, draftModels, qemuModels, archModels]
    .flatMap((models): { name: string; title: string }[] => Object.values(models))
    .map(({ name, title }) => [`\`${name}\``, title]),
)}

A machine that names no model is \`${defaultModel}\`, also beside newer kernels: scripts that name none keep their answers.

## The same command, different answers

Asked of the models themselves, each in the same situation. \`ignored\` and \`silent\`: the queue goes on; \`stalled\`: it stops at the command.

${table(
  ["situation", "answers"],
  situations.map(([title, before, command]) => [title, answers(before, command)]),
)}

## KVM

Tables are the host's own structures, written to guest memory on SAVE_TABLES.

${family(
  kvmDecisionFacts,
  Object.values(kvmModels).map(({ name, kvm }) => [name, kvm] as const),
)}

### The host's CPU

A guest's accesses to its CPU interface are the hardware's matter, not KVM's. \`host = NAME\` of a machine block says whose it is; the default is
\`arm\`. The recordings were made on QEMU's emulated CPUs and are replayed on \`qemu-7.2\`.

${family(
  hostFacts,
  kvmHosts.map(({ name }) => [name, hosts[name]] as const),
)}

### Timers

PPIs 27 and 30 belong to the timers of the guest: CNTV_CTL_EL0, CNTV_CVAL_EL0, CNTV_TVAL_EL0, and CNTP_* likewise, which KVM emulates (a host whose
kernel runs at EL1). The kernel drives the two PPIs whenever a vCPU is loaded, so that a level which user space gave them is gone then, and
KVM_IRQ_LINE on them does nothing. Time stands still: a timer whose CVAL is not above 2^32 has fired when it is enabled, another one never does.

### Interrupts with a physical one behind them

KVM's timers, and devices of the host whose SPI is forwarded, are mapped: a virtual PPI or SPI stands for a physical INTID, and its list
register has HW = 1 with that pINTID. A machine of these models has them as \`vmm.hostInterrupts\` (\`map\`, \`unmap\`, \`setLine\`, \`state\`);
scripts map them by \`host-map\`. What holds in all kernels:

| step | virtual interrupt | physical interrupt |
| --- | --- | --- |
| the device raises its line | pending, as far as it is enabled | pending, then active: the host takes it and leaves it active |
| entry to the guest | list register with HW = 1: pending, or active, never both; no EOI maintenance interrupt | active |
| the guest acknowledges | active | active |
| EOI, or ICC_DIR_EL1 with EOImode 1 | inactive, without an exit | inactive; with its line still high the host takes it again |
| exit with the interrupt still pending | its line is asked for anew | inactive if the line is low |
| the guest writes ISPENDR, ISACTIVER, ICACTIVER | pending, active, inactive | active, active, inactive |
| the guest writes ICPENDR | not pending | not pending; inactive unless the virtual one is active |
| the guest writes ISENABLER | enabled, with the line as it is now | inactive if the line fell meanwhile |
| the guest reads ISPENDR, level-sensitive | the physical line | |
| user space writes ISACTIVER or ICACTIVER | nothing | nothing |
| user space writes the others | as without a physical one | nothing |
| KVM_IRQ_LINE of one that a device of the kernel owns | nothing, and no error | nothing |

One that ends outside the list registers (\`kvm-7.2\`: EOIcount, or ICC_DIR_EL1 and GICC_DIR trapped) is deactivated on the host by KVM; among
interrupts of equal priority the mapped ones get list registers first there.

### Drafts

Patches as they were reviewed on the mailing lists, and two that go on from there with table revisions that nobody has made. Scripts in
examples/reviews run them beside what became of them. A decision that is not listed is that of \`kvm-5.10\`; of \`kvm-revisions\` that of \`kvm-7.2\`.

${draftTable()}

## QEMU

Tables are in guest memory and read at every command. \`qemu-11.1\` has CPUs without FEAT_NMI, as the default ones are: no GICD_INMIR<n>,
GICR_INMIR0 and ICC_NMIAR1_EL1.

${family(
  qemuDecisionFacts,
  Object.values(qemuModels).map(({ name, qemu }) => [name, qemu] as const),
)}

## The architecture

Tables are in guest memory and read at every command. Checks come in one order for all commands: ids against what the registers allow
(DeviceID, DTE, EventID, INTID, ICID, RDbase, Size), then the ITE, then what the ITE points at. The first that fails is the error.

${family(
  archDecisionFacts,
  Object.values(archModels).map(({ name, arch }) => [name, arch] as const),
)}

### What the architecture leaves open

\`arch\` remarks on each of these and goes on as the table says.

${table(
  ["rule", "when", "what `arch` does", "source"],
  Object.entries(remarkRules).map(([name, rule]) => [`\`${name}\``, rule.title, rule.reading, rule.source]),
)}
`;
}

if (import.meta.main) writeFileSync(inProject("docs/models.md"), modelsPage());
