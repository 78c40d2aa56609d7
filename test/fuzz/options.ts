import { type ArgumentTable, readArguments } from "./arguments.ts";

/** Options of the fuzzer's command line. */
export interface FuzzOptions {
  readonly seed: number;
  /** Commands that are queued, over all cases. */
  readonly commands: number;
  /** Seconds after which no case begins; Infinity without a bound. */
  readonly seconds: number;
  readonly gicVersion: 3 | 4;
  readonly secure: boolean;
  /** Commands of a batch at most. */
  readonly batchCommands: number;
  /** Number of the first case. */
  readonly firstCase: number;
  /** A recording to run again instead of random cases. */
  readonly replay: string | undefined;
  /** Folder for what was found. */
  readonly output: string;
  readonly program: string | undefined;
}

export const USAGE = `usage: npm run fuzz:qemu -- [--seed N] [--commands N] [--seconds N] [--v4] [--secure] [--batch N] [--case N] [--out FOLDER]
       npm run fuzz:qemu -- --replay FILE
Feeds the same random commands, register accesses and table edits to a live QEMU and to the model of its version, and compares them.
  --seed N       what the random numbers start from (default 1)
  --commands N   ends when so many commands were queued (default 20000)
  --seconds N    ends after that time, whatever is left
  --v4           GICv4: virtual LPIs and vPEs too
  --secure       two security states; accesses are Non-secure
  --batch N      commands between two comparisons at most (default 32)
  --case N       begins with the case of this number (default 0)
  --out FOLDER   where a divergence is written, as a script and as a recording (default out/fuzz)
  --qemu PROGRAM name or path of the emulator (default qemu-system-aarch64)
  --replay FILE  runs a recording that was written here again
Ends with 0 when nothing differed, 1 when something did, 2 when QEMU cannot be started or an option is wrong.`;

const TABLE: ArgumentTable = {
  numbers: {
    "--seed": [0, 0xffff_ffff],
    "--commands": [1, 1e12],
    "--seconds": [1, 1e6],
    "--batch": [1, 120],
    "--case": [0, 0xffff_ffff],
  },
  texts: ["--out", "--replay", "--qemu"],
  flags: ["--v4", "--secure"],
};

/** Reads the command line. @returns a sentence when it is wrong */
export function parseOptions(args: readonly string[]): FuzzOptions | string {
  const given = readArguments(TABLE, args);
  if (typeof given === "string") return given;
  const { numbers, texts, flags } = given;
  return {
    seed: numbers.get("--seed") ?? 1,
    commands: numbers.get("--commands") ?? (numbers.has("--seconds") ? 1e12 : 20_000),
    seconds: numbers.get("--seconds") ?? Number.POSITIVE_INFINITY,
    gicVersion: flags.has("--v4") ? 4 : 3,
    secure: flags.has("--secure"),
    batchCommands: numbers.get("--batch") ?? 32,
    firstCase: numbers.get("--case") ?? 0,
    replay: texts.get("--replay"),
    output: texts.get("--out") ?? "out/fuzz",
    program: texts.get("--qemu"),
  };
}
