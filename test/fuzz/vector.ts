import type { Access, AccessBytes, FuzzCase, Operation } from "./operations.ts";
import { batchRegisters } from "./registers.ts";
import { type Difference, hex } from "./run-case.ts";
import { GITS, GitsOffset, gicr, type Shape } from "./shape.ts";
import type { MachineEvent, Side } from "./side.ts";

/** One step of a recording; see the recordings of QEMU for the names. */
interface Step {
  readonly do: string;
  readonly addr?: string;
  readonly value?: string;
  readonly hex?: string;
}

interface Observed {
  readonly do: string;
  readonly addr?: string;
  readonly wrote?: string;
  readonly value?: string;
  readonly creadr?: string;
  readonly cwriter?: string;
  readonly stalled?: number;
  readonly commands?: readonly { readonly slot: number; readonly op: string; readonly outcome: string }[];
}

/** A recording of QEMU, in the format that `npm run conformance` replays. */
export interface Vector {
  readonly format: "qemu-its-vector/1";
  readonly name: string;
  readonly description: string;
  readonly machine: { gicVersion: 3 | 4; smp: number; virtualization: true; secure: boolean };
  readonly setup: { readonly gicdCtlr: number; readonly cbaser: string; readonly [other: string]: unknown };
  readonly observe: readonly {
    readonly name: string;
    readonly kind: "bytes";
    readonly addr: string;
    readonly count: number;
  }[];
  readonly steps: readonly Step[];
  readonly observed: Readonly<Record<string, unknown>>;
}

/** What is recorded, and where the case is seen to differ. */
export interface Recording {
  readonly name: string;
  readonly description: string;
  readonly shape: Shape;
  readonly accesses: readonly Access[];
  readonly differences: readonly Difference[];
}

/** Carries the accesses out on a machine that is as after reset, and writes down what it answers. */
export async function recordVector(recording: Recording, machine: Side): Promise<Vector> {
  const { shape, differences, accesses } = recording;
  const steps: Step[] = [];
  const observed: Observed[] = [];
  const take = async (access: Access): Promise<void> => {
    const step = stepOf(access);
    const { reads, events } = await machine.perform([access]);
    steps.push(step);
    observed.push({
      ...answerOf(step),
      ...(reads.length > 0 ? { value: hex(reads[0]) } : {}),
      ...(await queue(machine, events)),
    });
  };
  for (const access of accesses) await take(access);
  const checked = batchRegisters(shape);
  const extra = differences.filter((difference) => difference.kind === "register" || difference.kind === "read");
  for (const difference of extra) {
    const known = difference.kind === "register" && checked.some(({ name }) => name === difference.register.name);
    if (difference.kind === "register" && !known) {
      await take({ kind: "read", address: difference.register.address, bytes: difference.register.bytes });
    }
  }
  const { reads } = await machine.perform(
    checked.map(({ address, bytes }): Access => ({ kind: "read", address, bytes })),
  );
  const values = new Map(checked.map(({ name }, index) => [name, hex(reads[index])]));
  const observe = differences
    .filter((difference) => difference.kind === "memory")
    .map(({ address }) => ({ name: `memory ${hex(address)}`, kind: "bytes" as const, addr: hex(address), count: 8 }));
  return {
    format: "qemu-its-vector/1",
    name: recording.name,
    description: recording.description,
    machine: { gicVersion: shape.gicVersion, smp: shape.cpus, virtualization: true, secure: shape.secure },
    // Nothing: what the case does is all in its steps.
    setup: { gicdCtlr: 0, cbaser: "0x0" },
    observe,
    steps,
    observed: {
      qemu: `${machine.name}, -accel tcg -S -qtest`,
      steps: observed,
      registers: registersOf(shape, values),
      tables: Object.fromEntries(
        observe.map(({ name, addr, count }) => {
          const bytes = new Uint8Array(count);
          machine.readRam(Number(addr), bytes);
          return [name, Buffer.from(bytes).toString("hex")];
        }),
      ),
    },
  };
}

function stepOf(access: Access): Step {
  switch (access.kind) {
    case "write":
      return { do: `w${access.bytes * 8}`, addr: hex(access.address), value: hex(access.value) };
    case "read":
      return { do: `r${access.bytes * 8}`, addr: hex(access.address) };
    case "store":
      return { do: "mem", addr: hex(access.address), hex: Buffer.from(access.data).toString("hex") };
    case "fill":
      return {
        do: "mem",
        addr: hex(access.address),
        hex: access.byte.toString(16).padStart(2, "0").repeat(access.length),
      };
  }
}

function answerOf(step: Step): Observed {
  return { do: step.do, addr: step.addr, ...(step.value === undefined ? {} : { wrote: step.value }) };
}

/** The queue after a step that made the ITS take commands. */
async function queue(machine: Side, events: readonly MachineEvent[]): Promise<Partial<Observed>> {
  const commands = events.flatMap((event) =>
    event.kind === "command" ? [{ slot: event.offset / 32, op: hex(event.opcode), outcome: event.outcome }] : [],
  );
  if (commands.length === 0) return {};
  const { reads } = await machine.perform([
    { kind: "read", address: GITS + GitsOffset.creadr, bytes: 8 },
    { kind: "read", address: GITS + GitsOffset.cwriter, bytes: 8 },
  ]);
  return { creadr: hex(reads[0]), cwriter: hex(reads[1]), stalled: Number(reads[0] & 1n), commands };
}

function registersOf(shape: Shape, values: ReadonlyMap<string, string>): Record<string, unknown> {
  const shared: Record<string, unknown> = {};
  const redist: Record<string, string>[] = [];
  for (let pe = 0; pe < shape.cpus; pe++) redist.push({ base: hex(gicr(shape, pe)) });
  for (const [name, value] of values) {
    const [, register, pe] = /^(\w+)\[(\d+)\]$/.exec(name) ?? [];
    if (register === undefined) shared[name] = value;
    else redist[Number(pe)][register] = value;
  }
  return { ...shared, redist };
}

/** A recording cannot be read. The message is for the person who named the file. */
export class VectorError extends Error {
  override name = "VectorError";
}

/** The case of a recording that {@link recordVector} made. @throws VectorError when the file is none */
export function caseOfVector(json: unknown): FuzzCase {
  const vector = json as Partial<Vector> | null;
  if (vector?.format !== "qemu-its-vector/1" || !Array.isArray(vector.steps) || vector.machine === undefined) {
    throw new VectorError("not a recording of QEMU that the fuzzer wrote");
  }
  const { gicVersion, smp, secure } = vector.machine;
  if ((gicVersion !== 3 && gicVersion !== 4) || !Number.isInteger(smp) || smp < 1 || smp > 512) {
    throw new VectorError(`a machine with GICv${gicVersion} and ${smp} CPUs cannot be made`);
  }
  return {
    name: String(vector.name),
    shape: { gicVersion, cpus: smp, secure: secure === true },
    batches: [vector.steps.map((step, index) => operationOf(step as Step, index))],
  };
}

function operationOf(step: Step, index: number): Operation {
  const [, letter, bits] = /^([rw])(8|16|32|64)$/.exec(step.do) ?? [];
  try {
    const address = Number(step.addr);
    if (Number.isSafeInteger(address) && address >= 0) {
      const bytes = (Number(bits) / 8) as AccessBytes;
      if (letter === "r") return { kind: "read", address, bytes };
      if (letter === "w") return { kind: "write", address, bytes, value: BigInt(step.value ?? "") };
      if (step.do === "mem") return { kind: "store", address, data: Buffer.from(step.hex ?? "", "hex") };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new VectorError(`step ${index}, "${step.do}", is none that the fuzzer writes`);
}
