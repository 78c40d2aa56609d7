import type { CommandWords } from "../../architecture/index.ts";
import { disassemble } from "../../language/index.ts";
import type { ModelSide } from "./model-side.ts";
import { accessedRegister } from "./names.ts";
import { type Access, accessesOf, type FuzzCase, type Operation, queuePlace } from "./operations.ts";
import { type Difference, differenceText, hex } from "./run-case.ts";
import { GITS, GITS_TRANSLATER, GitsOffset, inComparedMemory, type Shape } from "./shape.ts";

const RAM = "0x40000000, 1G";

/**
 * A case as a script that does the same to the emulator. The differences become expectations, which hold once the model is
 * right. @param model as after reset; it tells where commands go
 */
export function caseScript(fuzzCase: FuzzCase, differences: readonly Difference[], model: ModelSide): string {
  const { shape } = fuzzCase;
  const lines = [
    `# ${fuzzCase.name}: where the model ${model.name} and QEMU differ`,
    ...machineBlock(shape, model),
    "",
  ];
  for (const [index, batch] of fuzzCase.batches.entries()) {
    if (index > 0) lines.push("");
    for (const operation of batch) {
      lines.push(...operationLines(shape, operation, model));
      model.performNow(accessesOf(operation, (address, bytes) => model.read(address, bytes)));
    }
  }
  if (differences.length > 0) lines.push("", "# What QEMU has");
  for (const difference of differences) lines.push(expectation(difference, shape));
  return `${lines.join("\n")}\n`;
}

function machineBlock(shape: Shape, { name }: ModelSide): string[] {
  return [
    "machine {",
    `  model = ${name}`,
    `  cpus = ${shape.cpus}`,
    ...(shape.gicVersion === 4 ? ["  gic = 4"] : []),
    ...(shape.secure ? ["  security = 2"] : []),
    `  ram = ${RAM}`,
    "  setup = reset",
    "}",
  ];
}

/** @param model as it is before the operation */
function operationLines(shape: Shape, operation: Operation, model: ModelSide): string[] {
  const read = (address: number, bytes: 1 | 2 | 4 | 8): bigint => model.read(address, bytes);
  if (operation.kind !== "commands") return accessLines(shape, operation);
  if (canQueue(operation.words, model)) return operation.words.map((words) => disassemble(words));
  return [
    ...operation.words.map((words) => `# ${disassemble(words)}`),
    ...accessesOf(operation, read).flatMap((access) => accessLines(shape, access)),
  ];
}

/** Whether statements put the commands where the case puts them: one after another, each taken at once. */
function canQueue(words: readonly CommandWords[], model: ModelSide): boolean {
  const read = (offset: number): bigint => model.read(GITS + offset, 8);
  const { base, size, offset } = queuePlace((address, bytes) => model.read(address, bytes));
  const [cwriter, creadr] = [read(GitsOffset.cwriter), read(GitsOffset.creadr)];
  const valid = read(GitsOffset.cbaser) >> 63n === 1n && inComparedMemory(base, size);
  if (!valid || Number(cwriter & 0xf_ffe0n) !== offset) return false;
  const free = (size + Number(creadr & 0xf_ffe0n) - offset - 1) % size;
  if (words.length * 32 > free) return false;
  // One command at a time makes a difference when the queue stops, and when commands wait already.
  return words.length === 1 || (creadr === cwriter && (model.read(GITS, 4) & 1n) === 1n);
}

function accessLines(shape: Shape, access: Access): string[] {
  switch (access.kind) {
    case "write":
      return [writeLine(shape, access)];
    case "read": {
      const { address, bytes } = access;
      return [
        plain(address, bytes) ? `read${bytes * 8} ${name(shape, address, bytes)}` : notExpressible("read", access),
      ];
    }
    case "fill":
      return [`fill ${hex(access.address)}, ${access.length}, ${hex(access.byte)}`];
    case "store":
      return storeLines(access.address, access.data);
  }
}

function writeLine(shape: Shape, access: Extract<Access, { kind: "write" }>): string {
  const { address, bytes, value } = access;
  // An MSI over the bus comes from DeviceID 0.
  if (address === GITS_TRANSLATER && (bytes === 2 || bytes === 4)) return `msi DeviceID=0x0, EventID=${hex(value)}`;
  if (!plain(address, bytes)) return notExpressible("write", access);
  return `write${bytes * 8} ${name(shape, address, bytes)} = ${hex(value)}`;
}

/** Whether a script has such an access. */
function plain(address: number, bytes: number): boolean {
  return bytes >= 4 && address % bytes === 0;
}

function notExpressible(what: string, { address, bytes }: { address: number; bytes: number }): string {
  return `# a ${bytes * 8}-bit ${what} of ${hex(address)} comes here, which scripts do not have; the recording has it`;
}

function name(shape: Shape, address: number, bytes: number): string {
  return accessedRegister(shape, address, bytes) ?? hex(address);
}

function storeLines(address: number, data: Uint8Array): string[] {
  const lines: string[] = [];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let at = 0; at < data.length; ) {
    const left = data.length - at;
    if (left >= 8) lines.push(`mem64[${hex(address + at)}] = ${hex(view.getBigUint64(at, true))}`);
    else if (left >= 4) lines.push(`mem32[${hex(address + at)}] = ${hex(view.getUint32(at, true))}`);
    else lines.push(`mem8[${hex(address + at)}] = ${hex(data[at])}`);
    at += left >= 8 ? 8 : left >= 4 ? 4 : 1;
  }
  return lines;
}

function expectation(difference: Difference, shape: Shape): string {
  if (difference.kind === "memory")
    return `expect mem64[${hex(difference.address)}] == ${hex(difference.theirs)}, "QEMU"`;
  if (difference.kind === "register") {
    const { address, bytes } = difference.register;
    const register = accessedRegister(shape, address, bytes);
    if (register !== undefined) return `expect ${register} == ${hex(difference.theirs)}, "QEMU"`;
  }
  return `# ${differenceText(difference)}`;
}
