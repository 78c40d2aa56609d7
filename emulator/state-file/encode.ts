import { hex } from "../../architecture/index.ts";
import { detailsOf, type GicDetails } from "../machine.ts";
import { toBase64 } from "./base64.ts";
import { crc32, crc32OfAscii } from "./crc32.ts";
import type { MemoryRun, RegisterValues, SavedState } from "./saved-state.ts";

/** What makes a JSON file a saved machine, and the newest version of the format. */
export const STATE_FORMAT = "gic-workbench-state";
export const STATE_VERSION = 3;

/**
 * The version that a state is written as: the first one whose readers can load it, so that an older program takes what it knows and says
 * of the rest that a newer one wrote it. 1: KVM and QEMU. 2: `arch`, with fields that version 1 does not have, and GICv2. 3: a GIC with
 * details that are not its model's.
 */
export function versionOf({
  model,
  shape,
}: Pick<SavedState, "model"> & { readonly shape: Pick<SavedState["shape"], "gicVersion"> & GicDetails }): number {
  if (Object.keys(detailsOf(shape)).length > 0) return 3;
  return model === "arch" || shape.gicVersion === 2 ? 2 : 1;
}

/** Memory that goes into the JSON as base64 at most; JavaScript has no texts of much more than that. More has to be beside it. */
export const MAX_INLINE_BYTES = 0x1000_0000;

/** A state file's texts: JSON, and the raw memory beside it when that was asked for. */
export interface EncodedState {
  readonly json: string;
  readonly raw?: Uint8Array;
}

/** @param rawFile name under which the caller stores {@link EncodedState.raw}; without it memory goes into the JSON as base64 */
export function encodeState(state: SavedState, rawFile?: string): EncodedState {
  const header = headerOf(state);
  let offset = 0;
  const memory = state.memory.map(({ address, bytes }) => {
    const place = { address: hex(address), bytes: bytes.length, crc32: hex8(crc32(bytes)) };
    if (rawFile === undefined) return { ...place, data: toBase64(bytes) };
    const at = offset;
    offset += bytes.length;
    return { ...place, offset: at };
  });
  const file = {
    ...header,
    ...(rawFile === undefined ? {} : { memoryFile: rawFile }),
    memory,
    checksum: checksumOf(state),
  };
  const json = `${JSON.stringify(file, null, 1)}\n`;
  return rawFile === undefined ? { json } : { json, raw: joined(state.memory, offset) };
}

/** CRC-32 of all that the state says, in the order of this format, whatever the layout of the file's text. */
export function checksumOf(state: SavedState): string {
  const memory = state.memory.map(({ address, bytes }) => [hex(address), bytes.length, hex8(crc32(bytes))]);
  return hex8(crc32OfAscii(JSON.stringify([headerOf(state), memory])));
}

function headerOf(state: SavedState) {
  const { model, shape, distributor, redistributors, cpuInterfaces, itss } = state;
  return {
    format: STATE_FORMAT,
    version: versionOf(state),
    model,
    machine: {
      cpus: shape.cpus,
      gicVersion: shape.gicVersion,
      secure: shape.secure,
      // JSON leaves out what is undefined: NMIs that are not there, a host that is not Arm's, and fields of `arch`.
      nmi: shape.nmi,
      host: shape.host,
      systemErrors: shape.systemErrors,
      singleVmovp: shape.singleVmovp,
      layout: shape.layout,
      ...detailsOf(shape),
      ram: shape.ram.map(({ base, bytes }) => ({ base: hex(base), bytes: hex(bytes) })),
      its: shape.its.map(hex),
    },
    distributor: registers(distributor),
    redistributors: redistributors.map(registers),
    cpuInterfaces: cpuInterfaces.map(registers),
    its: itss.map(registers),
    vpes: state.vpes?.map(registers),
    vmovps: state.vmovps?.map(registers),
    mapped: state.mapped?.map((devices) => devices.map(registers)),
  };
}

/** The order of saving is the order of the file. */
function registers(values: RegisterValues): Record<string, string> {
  return Object.fromEntries(Array.from(values, ([name, value]) => [name, `0x${value.toString(16)}`]));
}

function joined(runs: readonly MemoryRun[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const { bytes } of runs) {
    all.set(bytes, at);
    at += bytes.length;
  }
  return all;
}

export function hex8(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}
