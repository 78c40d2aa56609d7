import type { Measured } from "./figures.ts";

/** A suite that runs as a process of its own and prints JSON. */
export interface Suite {
  readonly name: string;
  /** What it measures, for the page. */
  readonly title: string;
  /** Program that it is compared with, and how it tells its version. */
  readonly peer?: { readonly program: string; readonly args: readonly string[] };
  readonly args: readonly string[];
  /** How often it is run; the page has the median, the least and the most of all. */
  readonly rounds: number;
  /** About how many seconds a round takes on two quiet cores; five times as long and it is ended. */
  readonly seconds: number;
  /** The figures of what it has printed. @throws when it has printed something else */
  read(printed: unknown): Measured[];
}

type Numbers = Readonly<Record<string, number>>;

interface EmulatorCase {
  readonly name: string;
  readonly off: number;
  readonly on: number;
  readonly kvm: number;
  readonly offRatio?: number;
  readonly onRatio?: number;
  readonly kvmRatio?: number;
}

function readEmulator(printed: unknown): Measured[] {
  const { cases, first, journal, creation } = printed as {
    readonly cases: readonly EmulatorCase[];
    readonly first: { readonly emulatorMs: number; readonly ratio?: number };
    readonly journal: Numbers;
    readonly creation: Numbers;
  };
  const unit = "ns a command";
  return [
    ...cases.flatMap(({ name, off, on, kvm, offRatio, onRatio, kvmRatio }) => [
      { name, unit, value: off, ratio: offRatio },
      { name: `${name}, with the journal`, unit, value: on, ratio: onRatio },
      { name: `${name}, kvm-7.2`, unit, value: kvm, ratio: kvmRatio },
    ]),
    { name: "first queue in a fresh process", unit: "ms", value: first.emulatorMs, ratio: first.ratio },
    { name: "one step back", unit: "µs", value: journal.stepBackUs },
    { name: "a million commands back", unit: "ms", value: journal.rewindMillionMs },
    { name: "journal of a million commands", unit: "MiB", value: journal.mibPerMillion },
    { name: "a machine with 1 GiB of RAM", unit: "ms", value: creation.milliseconds },
  ].map(withoutNothing);
}

interface ServerFigures {
  readonly figures: Readonly<Record<string, { readonly median: number; readonly p95: number }>>;
  readonly memoryMiB: number;
}

/** Milliseconds below which nobody waits for an answer, and two of them have no ratio that says anything. */
const NOTHING_MS = 5;

function ratioOf(peer: number | undefined, ours: number): { readonly ratio?: number } {
  return peer === undefined || Math.max(peer, ours) < NOTHING_MS ? {} : { ratio: peer / ours };
}

function readServer(printed: unknown): Measured[] {
  const [ours, broken, peer] = printed as readonly (ServerFigures | undefined)[];
  if (ours === undefined || broken === undefined) throw new Error("the language server's bench has printed no figures");
  const of = (name: string, { figures, memoryMiB }: ServerFigures): Measured[] => [
    ...Object.entries(figures).map(([what, { median, p95 }]) => ({
      name: `${what}${name}`,
      unit: "ms",
      value: median,
      most: p95,
      ...(name === "" ? ratioOf(peer?.figures[what]?.median, median) : {}),
    })),
    {
      name: `memory${name}`,
      unit: "MiB",
      value: memoryMiB,
      ...(name === "" && peer !== undefined && memoryMiB > 0 ? { ratio: peer.memoryMiB / memoryMiB } : {}),
    },
  ];
  return [...of("", ours), ...of(", most lines break a rule", broken)];
}

function readDumps(printed: unknown): Measured[] {
  const all = printed as Readonly<Record<string, number | string>>;
  const peer = all["xxd -r: MiB/s"];
  return Object.entries(all).flatMap(([key, value]): Measured[] => {
    const [, name, unit] = /^(.*): (MiB\/s|ms|s|MiB)$/.exec(key) ?? [];
    if (typeof value !== "number" || name === undefined || unit === undefined || name === "xxd -r") return [];
    const ratio = unit === "MiB/s" && typeof peer === "number" ? { ratio: value / peer } : {};
    return [{ name, unit, value, ...ratio }];
  });
}

function readDebug(printed: unknown): Measured[] {
  const { figures } = printed as { readonly figures: readonly { name: string; value: number; unit: string }[] };
  return figures.map(({ name, value, unit }) => ({ name, value, unit }));
}

function readActivation(printed: unknown): Measured[] {
  const { activationMs, loadMs } = printed as Readonly<
    Record<"activationMs" | "loadMs", { readonly least: number; readonly median: number; readonly most: number }>
  >;
  return [
    { name: "activation, as the editor has it", unit: "ms", value: activationMs.median, ...activationMs },
    { name: "loading client.cjs in Node", unit: "ms", value: loadMs.median, ...loadMs },
  ].map(({ name, unit, value, least, most }) => ({ name, unit, value, least, most }));
}

function readStart(printed: unknown): Measured[] {
  const { node, calls } = printed as {
    readonly node: number;
    readonly calls: readonly { name: string; median: number; least: number; most: number }[];
  };
  return calls.map(({ name, median: value, least, most }) => ({
    name,
    unit: "ms",
    value,
    least,
    most,
    ratio: node / value,
  }));
}

function withoutNothing({ ratio, ...figure }: Measured): Measured {
  return ratio === undefined ? figure : { ...figure, ratio };
}

/** All suites, in the order of the page; some nine minutes on two quiet cores. */
export const suites: readonly Suite[] = [
  {
    name: "emulator",
    title: "commands of the ITS: emulator beside QEMU",
    peer: { program: "qemu-system-aarch64", args: ["--version"] },
    args: ["--json", "--quick"],
    rounds: 3,
    seconds: 45,
    read: readEmulator,
  },
  {
    name: "language-server",
    title: "a script of 5,000 lines in an editor: server beside clangd and a C file of as many lines",
    peer: { program: "clangd", args: ["--version"] },
    args: ["5000", "--json"],
    rounds: 2,
    seconds: 60,
    read: readServer,
  },
  {
    name: "dumps",
    title: "reading dumps, beside xxd -r, and decoding tables",
    peer: { program: "xxd", args: ["--version"] },
    args: ["16", "--json"],
    rounds: 3,
    seconds: 20,
    read: readDumps,
  },
  { name: "debug", title: "the debug adapter", args: ["--json", "--quick"], rounds: 2, seconds: 40, read: readDebug },
  {
    name: "start",
    title: "starting gicwb, beside Node that does nothing",
    peer: { program: process.execPath, args: ["--version"] },
    args: ["--json"],
    rounds: 1,
    seconds: 30,
    read: readStart,
  },
  {
    name: "activation",
    title: "activation in VS Code",
    args: ["--json", "--starts", "5"],
    rounds: 1,
    seconds: 90,
    read: readActivation,
  },
];
