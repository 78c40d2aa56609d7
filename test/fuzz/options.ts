/** Options of the fuzzer's command line. */
export interface FuzzOptions {
  readonly seed: number;
  /** Commands that are queued, over all cases. */
  readonly commands: number;
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

export const USAGE = `usage: npm run fuzz:qemu -- [--seed N] [--commands N] [--v4] [--secure] [--batch N] [--case N] [--out FOLDER]
       npm run fuzz:qemu -- --replay FILE
Feeds the same random commands, register accesses and table edits to a live QEMU and to the model qemu-7.2, and compares them.
  --seed N       what the random numbers start from (default 1)
  --commands N   ends when so many commands were queued (default 20000)
  --v4           GICv4: virtual LPIs and vPEs too
  --secure       two security states; accesses are Non-secure
  --batch N      commands between two comparisons at most (default 32)
  --case N       begins with the case of this number (default 0)
  --out FOLDER   where a divergence is written, as a script and as a recording (default out/fuzz)
  --qemu PROGRAM name or path of the emulator (default qemu-system-aarch64)
  --replay FILE  runs a recording that was written here again
Ends with 0 when nothing differed, 1 when something did, 2 when QEMU cannot be started or an option is wrong.`;

/** Options with a number: least and most. */
const NUMBERS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  "--seed": [0, 0xffff_ffff],
  "--commands": [1, 1e12],
  "--batch": [1, 120],
  "--case": [0, 0xffff_ffff],
};
const TEXTS = ["--out", "--replay", "--qemu"];
const FLAGS = ["--v4", "--secure"];

/** Reads the command line. @returns a sentence when it is wrong */
export function parseOptions(args: readonly string[]): FuzzOptions | string {
  const numbers = new Map<string, number>();
  const texts = new Map<string, string>();
  const flags = new Set<string>();
  for (let at = 0; at < args.length; at++) {
    const option = args[at];
    if (FLAGS.includes(option)) {
      flags.add(option);
      continue;
    }
    const isNumber = Object.hasOwn(NUMBERS, option);
    if (!isNumber && !TEXTS.includes(option)) return `unknown option ${option}`;
    const value = args[++at];
    if (value === undefined || value === "") return `${option} needs a value`;
    if (!isNumber) {
      texts.set(option, value);
      continue;
    }
    const [least, most] = NUMBERS[option];
    const number = /^(?:0x[0-9a-f]+|\d+)$/i.test(value) ? Number(value) : Number.NaN;
    if (!(number >= least && number <= most)) return `${option} takes a number from ${least} to ${most}, not ${value}`;
    numbers.set(option, number);
  }
  return {
    seed: numbers.get("--seed") ?? 1,
    commands: numbers.get("--commands") ?? 20_000,
    gicVersion: flags.has("--v4") ? 4 : 3,
    secure: flags.has("--secure"),
    batchCommands: numbers.get("--batch") ?? 32,
    firstCase: numbers.get("--case") ?? 0,
    replay: texts.get("--replay"),
    output: texts.get("--out") ?? "out/fuzz",
    program: texts.get("--qemu"),
  };
}
