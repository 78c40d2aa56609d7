import { type ArgumentTable, readArguments } from "../arguments.ts";
import { type KindName, kindNames } from "./kind.ts";

/** Options of the command line. */
export interface HostileOptions {
  readonly kinds: readonly KindName[];
  readonly seed: number;
  readonly firstCase: number;
  /** Cases of each kind. */
  readonly cases: number;
  /** Seconds that each kind may take; Infinity without a bound. */
  readonly seconds: number;
  /** Minutes that all kinds share, and QEMU beside its model where it is installed. */
  readonly minutes: number | undefined;
  /** Different faults of a kind after which its run ends. */
  readonly faults: number;
  /** Folder for what was found. */
  readonly output: string;
}

export const USAGE = `usage: npm run fuzz -- [--kind ${kindNames.join("|")}] [--seed N] [--cases N] [--case N] [--seconds N] [--faults N] [--out FOLDER]
       npm run fuzz -- --minutes N [--kind KIND] [--seed N] [--faults N] [--out FOLDER]
Gives random hostile input to all that reads what others wrote: scripts, dumps, layout files, traces, saved machines, values of logs, the debug
adapter, the language server, the MCP server's tools and KVM's VMM.
  --kind KIND    one kind of input (default all, one after another)
  --seed N       what the random numbers start from (default 1)
  --cases N      cases of each kind, also --streams N (default 20000)
  --case N       begins with the case of this number (default 0)
  --seconds N    ends a kind after that time, whatever is left
  --minutes N    all kinds share that time, and a live QEMU beside its model where it is installed; without --seed the seed is
                 another one each time
  --faults N     ends a kind after so many different faults (default 1)
  --out FOLDER   where a fault is written (default out/fuzz)
Ends with 0 when nothing was found, 1 when something was, 2 when an option is wrong.`;

const TABLE: ArgumentTable = {
  numbers: {
    "--seed": [0, 0xffff_ffff],
    "--cases": [1, 1e9],
    "--streams": [1, 1e9],
    "--case": [0, 0xffff_ffff],
    "--seconds": [1, 1e6],
    "--minutes": [1, 1e5],
    "--faults": [1, 1000],
  },
  texts: ["--kind", "--out"],
  flags: [],
};

/** Reads the command line. @returns a sentence when it is wrong */
export function parseHostileOptions(args: readonly string[]): HostileOptions | string {
  const given = readArguments(TABLE, args);
  if (typeof given === "string") return given;
  const { numbers, texts } = given;
  const wanted = texts.get("--kind");
  const kinds = kindNames.filter((name) => wanted === undefined || name === wanted);
  if (kinds.length === 0) return `--kind is one of ${kindNames.join(", ")}, not ${wanted}`;
  const minutes = numbers.get("--minutes");
  if (minutes !== undefined && ["--seconds", "--cases", "--streams", "--case"].some((name) => numbers.has(name)))
    return "--minutes goes with none of --seconds, --cases, --streams and --case";
  return {
    kinds,
    minutes,
    seed: numbers.get("--seed") ?? (minutes === undefined ? 1 : Math.floor(Math.random() * 2 ** 32)),
    firstCase: numbers.get("--case") ?? 0,
    cases: numbers.get("--streams") ?? numbers.get("--cases") ?? (minutes === undefined ? 20_000 : 1e9),
    seconds: numbers.get("--seconds") ?? Number.POSITIVE_INFINITY,
    faults: numbers.get("--faults") ?? 1,
    output: texts.get("--out") ?? "out/fuzz",
  };
}
