import type { ModelName } from "../architecture/index.ts";
import { createMachine, type Machine } from "../emulator/index.ts";
import { QEMU_PROGRAM } from "../scripts/qemu/program.ts";
import { QtestProcess } from "../scripts/qemu/qtest.ts";

/** Where the benchmark puts things. */
export const layout = {
  queue: 0x5000_0000,
  queueBytes: 0x10_0000,
  deviceTable: 0x5100_0000,
  collectionTable: 0x5200_0000,
  properties: 0x5400_0000,
  pending: 0x5500_0000,
  itts: 0x5600_0000,
  /** ITTs of 1 MiB blocks for many devices. */
  manyItts: 0x6000_0000,
  gicd: 0x0800_0000,
  its: 0x0808_0000,
  gicr: 0x080a_0000,
  gicrStride: 0x2_0000,
  cpus: 4,
} as const;

const CTLR = layout.its;
const CBASER = layout.its + 0x80;
export const CWRITER = layout.its + 0x88;
const CREADR = layout.its + 0x90;
const BASER0 = layout.its + 0x100;
const VALID = 1n << 63n;
const PAGES_64K = 2n << 8n;

/** A machine that runs command queues: the emulator, or a live QEMU. */
export interface Board {
  readonly name: string;
  write(address: number, bytes: 4 | 8, value: bigint): Promise<void>;
  read(address: number, bytes: 4 | 8): Promise<bigint>;
  fill(address: number, length: number, byte: number): Promise<void>;
  load(address: number, data: Uint8Array): Promise<void>;
  /** Writes GITS_CWRITER. @returns milliseconds until the queue was done */
  run(writeOffset: number): Promise<number>;
  close(): Promise<void>;
}

/** A live QEMU. The time of an empty round trip is taken off each measurement. */
export async function qemuBoard(): Promise<Board> {
  const qtest = new QtestProcess(QEMU_PROGRAM, [
    ...["-machine", "virt,gic-version=3,its=on,virtualization=on", "-cpu", "cortex-a57", "-smp", String(layout.cpus)],
    ...["-m", "1G", "-accel", "tcg", "-S", "-display", "none", "-serial", "none", "-monitor", "none", "-nodefaults"],
  ]);
  const trips: number[] = [];
  for (let trip = 0; trip < 1000; trip++) {
    const start = performance.now();
    await qtest.read(CREADR, 8);
    trips.push(performance.now() - start);
  }
  const roundTrip = median(trips);
  return {
    name: "QEMU",
    write: (address, bytes, value) => qtest.write(address, bytes, value),
    read: (address, bytes) => qtest.read(address, bytes),
    fill: (address, length, byte) => qtest.fill(address, length, byte),
    load: (address, data) => qtest.store(address, data),
    run: async (writeOffset) => {
      const start = performance.now();
      await qtest.write(CWRITER, 8, BigInt(writeOffset));
      return Math.max(1e-6, performance.now() - start - roundTrip);
    },
    close: () => qtest.close(),
  };
}

/** The emulator with 1 GiB of RAM. */
export function emulatorBoard(model: ModelName, journal: boolean): Board & { readonly machine: Machine } {
  const machine = createMachine({
    model,
    journal,
    cpus: layout.cpus,
    ram: [{ base: 0x4000_0000, bytes: 0x4000_0000 }],
  });
  return {
    name: `${model}, journal ${journal ? "on" : "off"}`,
    machine,
    write: async (address, bytes, value) => void machine.write(address, bytes, value),
    read: async (address, bytes) => machine.read(address, bytes) ?? 0n,
    fill: async (address, length, byte) => {
      // Written twice, so that the host has given the pages before the clock starts, as QEMU's memset makes it.
      machine.memory.fill(address, length, ~byte & 0xff);
      machine.memory.fill(address, length, byte);
    },
    load: async (address, data) => void machine.memory.writeBytes(address, data),
    run: async (writeOffset) => {
      machine.journal.clear();
      const start = performance.now();
      machine.write(CWRITER, 8, BigInt(writeOffset));
      return performance.now() - start;
    },
    close: async () => undefined,
  };
}

/** Empty tables, every LPI's property byte the same, ITS and LPIs on. */
export async function reset(board: Board, property: number): Promise<void> {
  await board.write(CTLR, 4, 0n);
  for (const [address, length] of [
    [layout.deviceTable, 0x8_0000],
    [layout.collectionTable, 0x8_0000],
    [layout.pending, 0x1_0000 * layout.cpus],
    [layout.itts, 0x20_0000],
  ]) {
    await board.fill(address, length, 0);
  }
  await board.fill(layout.properties, 0x1_0000, property);
  await board.write(layout.gicd, 4, 0x37n);
  for (let pe = 0; pe < layout.cpus; pe++) {
    const frame = layout.gicr + pe * layout.gicrStride;
    await board.write(frame, 4, 0n);
    await board.write(frame + 0x14, 4, 0n);
    await board.write(frame + 0x70, 8, BigInt(layout.properties) | 15n);
    await board.write(frame + 0x78, 8, BigInt(layout.pending + pe * 0x1_0000));
    await board.write(frame, 4, 1n);
  }
  await board.write(BASER0, 8, VALID | BigInt(layout.deviceTable) | PAGES_64K | 7n);
  await board.write(BASER0 + 8, 8, VALID | BigInt(layout.collectionTable) | PAGES_64K | 7n);
}

/** Runs one queue of commands from its start. @returns milliseconds @throws Error when not all commands were taken */
export async function runQueue(board: Board, commands: Uint8Array): Promise<number> {
  await board.write(CTLR, 4, 0n);
  await board.write(CWRITER, 8, 0n);
  await board.write(CBASER, 8, VALID | BigInt(layout.queue) | BigInt(layout.queueBytes / 4096 - 1));
  await board.write(CTLR, 4, 1n);
  await board.load(layout.queue, commands);
  const milliseconds = await board.run(commands.length);
  const read = await board.read(CREADR, 8);
  if (read !== BigInt(commands.length)) throw new Error(`${board.name} stopped at offset 0x${read.toString(16)}`);
  return milliseconds;
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
