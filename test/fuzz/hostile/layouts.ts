import { readFileSync } from "node:fs";
import path from "node:path";
import { decodeSections, readDump } from "../../../dumps/index.ts";
import { readLayoutFile } from "../../../dumps/layout-files/index.ts";
import { damaged } from "./json.ts";
import { type Kind, unspoken } from "./kind.ts";
import { Mutator } from "./mutate.ts";
import { Numbers } from "./numbers.ts";
import { dumpSamples } from "./samples.ts";

const MOST_LINES = 120;
/** Rows of a table that are decoded by the layout. */
const ROWS = 20;
/** Problems of a file are told one by one up to some bound; more than these are none. */
const MOST_PROBLEMS = 1000;

const example = readFileSync(path.join(import.meta.dirname, "../../../examples/kvm.giclayout.json"), "utf8").trimEnd();

/** Layout files are read, and dumps decoded by those that can be. */
export const layouts: Kind = {
  name: "layouts",
  ending: ".giclayout.json",
  generate(random) {
    const lines = example.split("\n");
    if (random.chance(60)) {
      const numbers = new Numbers(random);
      const mutator = new Mutator(
        random,
        () => (random.chance(50) ? numbers.any() : String(random.between(0, 70))),
        () => random.pick(lines),
      );
      // Whole files, as half of one is no JSON.
      const changed = mutator.lines(lines, MOST_LINES);
      return random.chance(80) ? [...changed, ...lines.slice(changed.length)] : changed;
    }
    let value: unknown = JSON.parse(example);
    for (let times = random.between(1, 4); times > 0; times--) value = damaged(random, value);
    return (JSON.stringify(value, undefined, 1) ?? "").split("\n");
  },
  async check(parts) {
    const read = readLayoutFile(parts.join("\n"), "soc.giclayout.json");
    if ("problems" in read) {
      const { problems } = read;
      if (problems.length === 0) return "A layout file is refused, and nothing is said.";
      if (problems.length > MOST_PROBLEMS) return `${problems.length} problems of a layout file.`;
      // What JSON.parse says of a text has its words; ours have none of them.
      return unspoken(problems.map((problem) => problem.replaceAll(/"(?:[^"\\]|\\.)*"|\bnull\b/g, "")).join("\n"));
    }
    for (const sample of dumpSamples.slice(0, 6)) {
      const document = readDump(sample.join("\n"));
      for (const table of ["device-table", "itt", "collection-table", "vpe-table"] as const)
        for (const { result } of decodeSections(document, { table, layout: read.layouts })) {
          if (!result.ok) continue;
          for (let row = 0; row < Math.min(ROWS, result.table.rowCount); row++) {
            const { fields, notes } = result.table.row(row);
            const bad = unspoken([...fields.map(({ text }) => text), ...notes].join("\n"));
            if (bad !== undefined) return bad;
          }
        }
    }
    return undefined;
  },
};
