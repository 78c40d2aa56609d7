import { type Board, emulatorBoard, median, qemuBoard, reset, runQueue } from "./qemu-board.ts";
import { type Case, cases } from "./qemu-cases.ts";

/** Nanoseconds a command, and how many times as fast as QEMU. */
export interface Measured {
  readonly name: string;
  readonly qemu: number | undefined;
  readonly off: number;
  readonly on: number;
  readonly kvm: number;
  readonly offRatio: number | undefined;
  readonly onRatio: number | undefined;
  readonly kvmRatio: number | undefined;
  /** The same ratios of the fastest runs, which other work on the computer disturbs least. */
  readonly bestRatios: { readonly off: number; readonly on: number; readonly kvm: number } | undefined;
  readonly goal: Case["goal"];
}

/** Runs each case on all boards in turn, so that what else the computer does meets all of them alike. */
export async function measureCases(options: { runs: number; withQemu: boolean }): Promise<Measured[]> {
  const qemu = options.withQemu ? await qemuBoard() : undefined;
  const off = emulatorBoard("qemu-7.2", false);
  const on = emulatorBoard("qemu-7.2", true);
  const kvm = emulatorBoard("kvm-7.2", false);
  try {
    const rows: Measured[] = [];
    for (const one of cases) {
      const times = new Map<Board, number[]>();
      const boards = [qemu, off, on, kvm].filter((board) => board !== undefined);
      for (const board of boards) times.set(board, []);
      // The first round warms both sides up and does not count.
      for (let run = -1; run < options.runs; run++) {
        for (const board of boards) {
          await reset(board, one.property);
          for (const queue of one.prepare) await runQueue(board, queue);
          const milliseconds = await runQueue(board, one.timed);
          if (run >= 0) times.get(board)?.push(milliseconds);
        }
      }
      const each = (board: Board | undefined): number =>
        board === undefined ? Number.NaN : (median(times.get(board) ?? []) * 1e6 * 32) / one.timed.length;
      const ratio = (board: Board): number | undefined => (qemu === undefined ? undefined : each(qemu) / each(board));
      const best = (board: Board): number => Math.min(...(times.get(board) ?? []));
      const bestRatio = (board: Board): number => (qemu === undefined ? Number.NaN : clean(best(qemu) / best(board)));
      rows.push({
        name: one.name,
        qemu: qemu && clean(each(qemu)),
        off: clean(each(off)),
        on: clean(each(on)),
        kvm: clean(each(kvm)),
        offRatio: ratio(off),
        onRatio: ratio(on),
        kvmRatio: ratio(kvm),
        bestRatios: qemu && { off: bestRatio(off), on: bestRatio(on), kvm: bestRatio(kvm) },
        goal: one.goal,
      });
    }
    return rows;
  } finally {
    await qemu?.close();
  }
}

/** Three significant digits. */
export function clean(value: number): number {
  return Number(value.toPrecision(3));
}
