import { FIRST_LPI, type ModelName } from "../architecture/index.ts";
import type { Machine, Mark } from "../emulator/index.ts";
import { clean } from "./emulator-cases.ts";
import { type Board, CWRITER, emulatorBoard, layout, median, reset, runQueue } from "./qemu-board.ts";
import { clear, collections, DISABLED, int, joined, mapd, mapti, mix, QUEUE_COMMANDS } from "./qemu-cases.ts";

const MIB = 1024 * 1024;
const MILLION = 1_000_000;
const JOURNAL_ENTRY_BYTES = 8;
const STEPS = 10_000;
/** LPIs of 16 INTID bits. */
const LPIS = 57344;

/** Size of the undo log on the mix, one step back, and a million commands back. */
export async function measureJournal(runs: number) {
  const board = emulatorBoard("qemu-7.2", true);
  const { machine } = board;
  const { journal } = machine;
  await reset(board, DISABLED);
  const steps: number[] = [];
  for (let run = 0; run < runs; run++) {
    const marks: Mark[] = [];
    machine.onCommand = () => marks.push(journal.mark());
    await runQueue(board, mix);
    machine.onCommand = undefined;
    const start = performance.now();
    for (let step = 1; step <= STEPS; step++) journal.rewind(marks[marks.length - 1 - step]);
    steps.push(((performance.now() - start) * 1000) / STEPS);
  }
  const rewinds: number[] = [];
  let entries = 0;
  for (let run = 0; run < Math.min(runs, 5); run++) {
    await board.load(layout.queue, mix);
    journal.clear();
    const mark = journal.mark();
    let commands = 0;
    while (commands < MILLION) commands += runAgain(machine);
    entries = ((journal.mark() - mark) / commands) * MILLION;
    const start = performance.now();
    if (!journal.rewind(mark)) throw new Error("the journal does not reach back a million commands");
    rewinds.push(((performance.now() - start) * MILLION) / commands);
  }
  return {
    mibPerMillion: clean((entries * JOURNAL_ENTRY_BYTES) / MIB),
    stepBackUs: clean(median(steps)),
    rewindMillionMs: clean(median(rewinds)),
  };
}

/** Runs the commands that are in the queue, all of them, once more; the log grows on. @returns commands run */
function runAgain(machine: Machine): number {
  machine.write(layout.its, 4, 0n);
  machine.write(CWRITER, 8, 0n);
  machine.write(layout.its + 0x80, 8, (1n << 63n) | BigInt(layout.queue) | BigInt(layout.queueBytes / 4096 - 1));
  machine.write(layout.its, 4, 1n);
  machine.write(CWRITER, 8, BigInt(mix.length));
  return mix.length / 32;
}

/** Devices and events of a size, mapped queue by queue. @param eventBits EventID bits of each device */
async function mapEvents(board: Board, devices: number, eventsEach: number, eventBits: number): Promise<void> {
  const stride = Math.max(256, 2 ** eventBits * 16);
  await runQueue(board, collections);
  let part: Uint8Array[] = [];
  const flush = async (): Promise<void> => {
    if (part.length > 0) await runQueue(board, joined(...part));
    part = [];
  };
  let number = 0;
  for (let device = 0; device < devices; device++) {
    part.push(mapd(device, layout.manyItts + device * stride, eventBits - 1));
    for (let event = 0; event < eventsEach; event++) {
      part.push(mapti(device, event, FIRST_LPI + (number++ % LPIS), event & 3));
    }
    if (part.length + eventsEach + 1 > QUEUE_COMMANDS) await flush();
  }
  await flush();
}

/** SAVE_TABLES and RESTORE_TABLES of a KVM ITS. */
export function measureHostOperations(
  runs: number,
): { name: string; saveMs: number; restoreMs: number; goalMs: number }[] {
  return hostCases.map(({ name, goalMs, prepared }) => {
    const saves: number[] = [];
    const restores: number[] = [];
    for (let run = 0; run < runs; run++) {
      const { vmm, journal } = prepared;
      if (vmm === undefined) throw new Error("a KVM model has host operations");
      journal.clear();
      let start = performance.now();
      check(vmm.saveTables(0).errno);
      saves.push(performance.now() - start);
      check(vmm.resetIts(0).errno);
      prepareRegisters(prepared);
      start = performance.now();
      check(vmm.restoreTables(0).errno);
      restores.push(performance.now() - start);
    }
    return { name, saveMs: clean(median(saves)), restoreMs: clean(median(restores)), goalMs };
  });
}

function check(errno: number): void {
  if (errno !== 0) throw new Error(`errno ${errno}`);
}

function prepareRegisters(machine: Machine): void {
  const pages = (1n << 63n) | (2n << 8n) | 7n;
  machine.write(layout.its + 0x100, 8, pages | BigInt(layout.deviceTable));
  machine.write(layout.its + 0x108, 8, pages | BigInt(layout.collectionTable));
}

async function hostCase(name: string, devices: number, events: number, bits: number, goalMs: number) {
  const board = emulatorBoard("kvm-7.2", false);
  await reset(board, DISABLED);
  await mapEvents(board, devices, events, bits);
  return { name, goalMs, prepared: board.machine };
}

const hostCases = [
  await hostCase("1,024 devices x 32 events", 1024, 32, 5, 5),
  await hostCase("65,536 devices x 4 events", 65536, 4, 2, 150),
];

/** Cost of a command by the number of mapped events. */
export async function measureCurve(runs: number) {
  const result: { model: string; points: { events: number; nanoseconds: number }[] }[] = [];
  for (const model of ["qemu-7.2", "kvm-7.2"] as const satisfies readonly ModelName[]) {
    const points: { events: number; nanoseconds: number }[] = [];
    for (const events of [1000, 10_000, 100_000, 1_000_000]) {
      const board = emulatorBoard(model, false);
      await reset(board, DISABLED);
      const devices = Math.ceil(events / 16);
      await mapEvents(board, devices, 16, 4);
      const queue = randomTriggers(devices);
      const times: number[] = [];
      for (let run = -1; run < runs; run++) {
        const milliseconds = await runQueue(board, queue);
        if (run >= 0) times.push(milliseconds);
      }
      points.push({ events, nanoseconds: clean((median(times) * 1e6 * 32) / queue.length) });
    }
    result.push({ model, points });
  }
  return result;
}

/** INT, then CLEAR, of events in no order (a multiplicative generator; the same each time). */
function randomTriggers(devices: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let state = 12345;
  for (let index = 0; index < (QUEUE_COMMANDS - 1) / 2; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const event = state % (devices * 16);
    parts.push(int(event >> 4, event & 15), clear(event >> 4, event & 15));
  }
  return joined(...parts);
}
