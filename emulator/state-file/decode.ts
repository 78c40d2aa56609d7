import {
  kvmHosts,
  layoutNames,
  type ModelName,
  modelFamily,
  modelHasNmi,
  resolveModel,
} from "../../architecture/index.ts";
import { detailsOf, type GicDetails } from "../machine.ts";
import { PAGE_BYTES } from "../memory/ram-window.ts";
import { fromBase64 } from "./base64.ts";
import { crc32 } from "./crc32.ts";
import { checksumOf, hex8, STATE_FORMAT, STATE_VERSION, versionOf } from "./encode.ts";
import { FieldError, type FieldReader, readFields } from "./field-reader.ts";
import type { MachineShape, MemoryRun, RegisterValues, SavedState } from "./saved-state.ts";

/** What is wrong with a state file: the field, and a sentence that begins with its name. */
export interface StateProblem {
  /** Path of the field as in `its[0].GITS_CBASER`; empty when the text is no JSON object. */
  readonly field: string;
  readonly message: string;
}

export type DecodeResult = { readonly state: SavedState } | { readonly problem: StateProblem };

/** PEs, ITSs, RAM windows of a machine, and bytes of its RAM together: what a file may ask for. */
const MAX_CPUS = 512;
const MAX_ITSS = 16;
const MAX_WINDOWS = 32;
const MAX_RAM_BYTES = 2 ** 32;
const MAX_ADDRESS = 2 ** 52;
const MAX_REGISTERS = 20_000;
/** vPEs, devices, sequence numbers of VMOVP; and a device's fields: as many events, and what it is. */
const MAX_IDS = 65536;
const MAX_DEVICE_FIELDS = MAX_IDS + 2;
const MAX_RUNS = 2 ** 20;
const ITS_FRAME_ALIGNMENT = 0x10000;

/** Name of the file beside a state file that has its memory; undefined when it has none, or is no state file. */
export function rawFileOf(json: string): string | undefined {
  try {
    const file = readFields(JSON.parse(json) as unknown);
    return file.optional("memoryFile")?.text();
  } catch {
    return undefined;
  }
}

/**
 * Reads a state file. @param json its text @param raw the memory beside it, for a file that names one
 * @returns the state, or the first field that is wrong; never throws
 */
export function decodeState(json: string, raw?: Uint8Array): DecodeResult {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { problem: { field: "", message: `The file is cut off or is no JSON: ${reason}.` } };
  }
  try {
    return { state: decode(readFields(value), raw) };
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    return { problem: { field: error.field, message: error.message } };
  }
}

const top = [
  "format",
  "version",
  "model",
  "machine",
  "distributor",
  "redistributors",
  "cpuInterfaces",
  "its",
  "memoryFile",
  "memory",
  "checksum",
];
/** Fields of version 2, of `arch` alone. */
const strictTop = ["vpes", "vmovps", "mapped"];
const shapeFields = ["cpus", "gicVersion", "secure", "ram", "its"];
const kvmShapeFields = ["host"];
const nmiShapeFields = ["nmi"];
/** Fields of version 3. */
const detailFields = ["spis", "intidBits", "priorityBits", "listRegisters", "affinities"];
const strictShapeFields = ["systemErrors", "singleVmovp", "layout"];

function decode(file: FieldReader, raw: Uint8Array | undefined): SavedState {
  const format = file.field("format");
  if (format.text() !== STATE_FORMAT) throw format.error(`is not "${STATE_FORMAT}": this is no saved machine`);
  const version = file.field("version");
  const number = version.integer(1, Number.MAX_SAFE_INTEGER);
  if (number > STATE_VERSION) {
    throw version.error(
      `is ${number}; this program reads up to ${STATE_VERSION}. A newer one wrote the file: use that`,
    );
  }
  const modelField = file.field("model");
  const model = resolveModel(modelField.text());
  if (model === undefined || model !== modelField.text())
    throw modelField.error(`names no model: "${modelField.text()}"`);
  const machine = file.field("machine");
  const isV2 = machine.field("gicVersion").is(2);
  const hasDetails = detailFields.some((name) => machine.optional(name) !== undefined);
  const wanted = versionOf({ model, shape: { gicVersion: isV2 ? 2 : 3, ...(hasDetails ? { spis: 0 } : {}) } });
  if (number !== wanted) {
    const what = `a machine of the model ${model}${isV2 ? " with GICv2" : ""}${hasDetails ? " and details of its own" : ""}`;
    throw version.error(`is ${number}; ${what} is saved as version ${wanted}`);
  }
  file.only(model === "arch" ? [...top, ...strictTop] : top);
  const shape = shapeOf(machine, model);
  const state: SavedState = {
    model,
    shape,
    distributor: registersOf(file.field("distributor")),
    redistributors: units(file.field("redistributors"), shape.cpus, "PE"),
    cpuInterfaces: units(file.field("cpuInterfaces"), shape.cpus, "PE"),
    itss: units(file.field("its"), shape.its.length, "ITS"),
    ...(model === "arch" ? strictLists(file, shape) : {}),
    memory: memoryOf(file, shape, raw),
  };
  const checksum = file.field("checksum");
  const expected = checksumOf(state);
  if (checksum.text() !== expected) {
    throw checksum.error(
      `is ${checksum.text()}, but the contents give ${expected}. The file was damaged or edited; to accept an edit, write ${expected} here`,
    );
  }
  return state;
}

function shapeOf(machine: FieldReader, model: ModelName): MachineShape {
  const strict = model === "arch";
  const kvm = modelFamily(model) === "kvm";
  const hasNmi = modelHasNmi(model);
  machine.only([
    ...shapeFields,
    ...(strict ? strictShapeFields : kvm ? kvmShapeFields : []),
    ...(hasNmi ? nmiShapeFields : []),
    ...(modelFamily(model) === "qemu" ? [] : detailFields),
  ]);
  const cpus = machine.field("cpus").integer(1, MAX_CPUS);
  const gicVersion = machine.field("gicVersion").choice(strict ? [3, 4, 4.1] : kvm ? [2, 3] : [3, 4]);
  const windows = machine.field("ram");
  let total = 0;
  const ram = windows.list(MAX_WINDOWS).map((window) => {
    window.only(["base", "bytes"]);
    const base = window.field("base").address(PAGE_BYTES, MAX_ADDRESS);
    const bytes = window.field("bytes").address(PAGE_BYTES, MAX_RAM_BYTES);
    if (bytes === 0) throw window.field("bytes").error("is 0");
    if (base + bytes > MAX_ADDRESS) throw window.field("bytes").error("leads beyond 52 bits of address");
    total += bytes;
    return { base, bytes };
  });
  if (total > MAX_RAM_BYTES) throw windows.error("is more than 4 GiB together");
  const its = machine
    .field("its")
    .list(MAX_ITSS)
    .map((unit) => unit.address(ITS_FRAME_ALIGNMENT, MAX_ADDRESS));
  if (gicVersion === 2 && its.length > 0) throw machine.field("its").error("is not empty; a GICv2 has no ITS");
  const secure = machine.field("secure").flag();
  const host = kvm ? machine.optional("host")?.choice(kvmHosts.map(({ name }) => name)) : undefined;
  const nmi = hasNmi ? machine.optional("nmi")?.flag() : undefined;
  return {
    cpus,
    gicVersion,
    secure,
    ...(nmi === undefined ? {} : { nmi }),
    ...(host === undefined ? {} : { host }),
    ...(strict ? strictShapeOf(machine) : {}),
    ...detailsOfFile(machine, cpus),
    ram,
    its,
  };
}

/** What a GIC has otherwise than its model; whether the model can have it is found out when the machine is made. */
function detailsOfFile(machine: FieldReader, cpus: number): GicDetails {
  const affinities = machine.optional("affinities");
  const values = affinities?.list(MAX_CPUS).map((one) => one.integer(0, 0xffff_ffff));
  if (affinities !== undefined && values?.length !== cpus) {
    throw affinities.error(`has ${values?.length} entries; the machine has ${counted(cpus, "PE")}`);
  }
  return detailsOf({
    spis: machine.optional("spis")?.integer(32, 960),
    intidBits: machine.optional("intidBits")?.integer(14, 24),
    priorityBits: machine.optional("priorityBits")?.integer(4, 8),
    listRegisters: machine.optional("listRegisters")?.integer(1, 16),
    affinities: values,
  });
}

function strictShapeOf(machine: FieldReader): Pick<MachineShape, "systemErrors" | "singleVmovp" | "layout"> {
  return {
    systemErrors: machine.field("systemErrors").flag(),
    singleVmovp: machine.field("singleVmovp").flag(),
    layout: machine.field("layout").choice(layoutNames),
  };
}

/** What a machine of `arch` has beside registers and RAM. */
function strictLists(file: FieldReader, shape: MachineShape): Pick<SavedState, "vpes" | "vmovps" | "mapped"> {
  const mapped = file.field("mapped");
  const itss = mapped.list(MAX_ITSS);
  if (itss.length !== shape.its.length) {
    throw mapped.error(`has ${itss.length} entries; the machine has ${counted(shape.its.length, "ITS")}`);
  }
  return {
    vpes: file
      .field("vpes")
      .list(MAX_IDS)
      .map((entry) => registersOf(entry)),
    vmovps: file
      .field("vmovps")
      .list(MAX_IDS)
      .map((entry) => registersOf(entry)),
    mapped: itss.map((its) => its.list(MAX_IDS).map((device) => registersOf(device, MAX_DEVICE_FIELDS))),
  };
}

function registersOf(field: FieldReader, most = MAX_REGISTERS): RegisterValues {
  return new Map(field.entries(most).map(([name, value]) => [name, value.register()]));
}

function units(field: FieldReader, count: number, unit: string): readonly RegisterValues[] {
  const list = field.list(count);
  if (list.length !== count) throw field.error(`has ${list.length} entries; the machine has ${counted(count, unit)}`);
  return list.map((entry) => registersOf(entry));
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

function memoryOf(file: FieldReader, shape: MachineShape, raw: Uint8Array | undefined): readonly MemoryRun[] {
  const rawName = file.optional("memoryFile")?.text();
  let end = 0;
  return file
    .field("memory")
    .list(MAX_RUNS)
    .map((run) => {
      run.only(["address", "bytes", "crc32", rawName === undefined ? "data" : "offset"]);
      const address = run.field("address").address(PAGE_BYTES, MAX_ADDRESS);
      const lengthField = run.field("bytes");
      const length = lengthField.integer(PAGE_BYTES, MAX_RAM_BYTES);
      if (length % PAGE_BYTES !== 0) throw lengthField.error(`is ${length}, no multiple of ${PAGE_BYTES}`);
      if (address < end) throw run.field("address").error("is not above the run before it");
      end = address + length;
      if (!shape.ram.some(({ base, bytes }) => address >= base && end <= base + bytes)) {
        throw run
          .field("address")
          .error(`: 0x${address.toString(16)} to 0x${end.toString(16)} lies outside the machine's RAM`);
      }
      const bytes =
        rawName === undefined ? inline(run.field("data"), length) : beside(run.field("offset"), length, raw, rawName);
      const sum = hex8(crc32(bytes));
      const sumField = run.field("crc32");
      if (sumField.text() !== sum)
        throw sumField.error(`is ${sumField.text()}, but the bytes give ${sum}: the memory is damaged`);
      return { address, bytes };
    });
}

function inline(field: FieldReader, length: number): Uint8Array {
  const text = field.text();
  const bytes = fromBase64(text);
  if (!(bytes instanceof Uint8Array)) throw field.error(`is no base64 at character ${bytes.badAt}`);
  if (bytes.length !== length) throw field.error(`has ${bytes.length} bytes; "bytes" says ${length}`);
  return bytes;
}

function beside(field: FieldReader, length: number, raw: Uint8Array | undefined, name: string): Uint8Array {
  const offset = field.integer(0, Number.MAX_SAFE_INTEGER);
  if (raw === undefined) throw field.error(`is in "${name}", which is missing`);
  if (offset + length > raw.length) {
    throw field.error(`: bytes ${offset} to ${offset + length} of "${name}", which has ${raw.length}: it is cut off`);
  }
  return raw.slice(offset, offset + length);
}
