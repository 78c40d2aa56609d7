import path from "node:path";

/** Lines of a file by what the tests did with them. */
export interface FileCoverage {
  /** From the project, with `/`. */
  readonly file: string;
  /** Lines with code. */
  readonly lines: number;
  /** Those that have not run, from 1, ascending. */
  readonly missed: readonly number[];
  /** No test has loaded it: its lines are all that are there. */
  readonly neverLoaded?: true;
}

/** Reads what Node's test runner writes as `lcov`. @param isOurs whether a file counts */
export function readLcov(text: string, isOurs: (file: string) => boolean): FileCoverage[] {
  const found: FileCoverage[] = [];
  let file = "";
  let hits = new Map<number, number>();
  for (const line of text.split("\n")) {
    if (line.startsWith("SF:")) {
      file = line.slice(3).replaceAll("\\", "/");
      hits = new Map();
    } else if (line.startsWith("DA:")) {
      const [number, count] = line.slice(3).split(",").map(Number);
      hits.set(number, (hits.get(number) ?? 0) + count);
    } else if (line === "end_of_record" && isOurs(file)) {
      const missed = [...hits].filter(([, count]) => count === 0).map(([number]) => number);
      found.push({ file, lines: hits.size, missed: missed.sort((a, b) => a - b) });
    }
  }
  return found;
}

/** A file that no test has loaded: lines with anything but a comment or a bracket in them are taken to be code. */
export function neverLoaded(file: string, source: string): FileCoverage {
  const missed = source
    .split("\n")
    .flatMap((line, index) => (/^\s*(?:$|\/\/|\/?\*|[\])}]+[;,]?\s*$)/.test(line) ? [] : [index + 1]));
  return { file, lines: missed.length, missed, neverLoaded: true };
}

/** Lines of a folder. */
export interface FolderCoverage {
  readonly folder: string;
  readonly files: number;
  readonly lines: number;
  readonly missed: number;
}

/** Sums by folder, of the top folders and those directly in them. */
export function byFolder(files: readonly FileCoverage[]): FolderCoverage[] {
  const sums = new Map<string, { files: number; lines: number; missed: number }>();
  for (const { file, lines, missed } of files) {
    const parts = path.posix.dirname(file).split("/");
    for (const folder of new Set([parts[0], parts.slice(0, 2).join("/")])) {
      const sum = sums.get(folder) ?? { files: 0, lines: 0, missed: 0 };
      sum.files++;
      sum.lines += lines;
      sum.missed += missed.length;
      sums.set(folder, sum);
    }
  }
  return [...sums].map(([folder, sum]) => ({ folder, ...sum })).sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** `3, 7-9`. */
export function ranges(lines: readonly number[]): string {
  const found: [first: number, last: number][] = [];
  for (const line of lines) {
    const last = found.at(-1);
    if (last !== undefined && last[1] === line - 1) last[1] = line;
    else found.push([line, line]);
  }
  return found.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(", ");
}

/** Share of the lines that have run, in percent. */
export function percent({ lines, missed }: Pick<FolderCoverage, "lines" | "missed">): string {
  return lines === 0 ? "-" : `${((1 - missed / lines) * 100).toFixed(1)} %`;
}

/** The report: a table by folder, then each file with the lines that have not run, those with the most of them first. */
export function reportLines(files: readonly FileCoverage[]): string[] {
  const rows = byFolder(files).map((folder) => {
    return `| ${folder.folder} | ${folder.files} | ${folder.lines} | ${folder.missed} | ${percent(folder)} |`;
  });
  const missing = files.filter(({ missed }) => missed.length > 0).sort((a, b) => b.missed.length - a.missed.length);
  return [
    "# Lines that tests run",
    "",
    "| folder | files | lines | never run | run |",
    "|---|---:|---:|---:|---:|",
    ...rows,
    "",
    "## Lines never run",
    "",
    ...missing.map(({ file, missed, neverLoaded }) => {
      return `- ${file}: ${neverLoaded === true ? `all ${missed.length}, no test loads it` : ranges(missed)}`;
    }),
  ];
}
