import { registers } from "../../../architecture/index.ts";
import { explainText, explainTopics, readingLines } from "../../../dumps/explain-value/index.ts";
import type { Random } from "../random.ts";
import { type Kind, unspoken } from "./kind.ts";
import { Mutator } from "./mutate.ts";
import { hex, Numbers } from "./numbers.ts";

const samples: readonly string[] = [
  "GITS_BASER0=0xb907000040100607",
  "0x8000000008 0x4 0x8000000040400000 0",
  "MAPTI_ID_OOR",
  "intid 8195",
  "attr VGIC_V3 REDIST_REGS pe=1 GICR_PENDBASER",
  "irq 0x2010010",
  "errno EBUSY ITS_REGS",
  "entry 0x8002000008080004",
  "sizes devices=1024 events=32 collections=8 lpis=65536",
  "ITS queue timeout (9088 513)",
  "ITS@0x0000000008080000: allocated 8192 Devices @100500000 (indirect, esz 8, psz 64K, shr 1)",
];

/** Characters of a reading, at most. */
const MOST_TEXT = 50_000;

function made(random: Random, numbers: Numbers): string {
  return random.weighted<() => string>([
    [3, () => `${random.pick(registers).name}=${numbers.any()}`],
    [2, () => `${random.pick(explainTopics)} ${numbers.any()} ${random.chance(50) ? numbers.any() : ""}`],
    [2, () => Array.from({ length: random.between(1, 5) }, () => hex(random.bits(64))).join(" ")],
    [1, () => numbers.any()],
  ])();
}

/** Values of logs and bug reports are explained. */
export const values: Kind = {
  name: "values",
  ending: ".txt",
  generate(random) {
    const numbers = new Numbers(random);
    const mutator = new Mutator(
      random,
      () => numbers.any(),
      () => made(random, numbers),
    );
    return random.chance(50) ? mutator.lines(samples, samples.length) : [made(random, numbers)];
  },
  async check(parts) {
    for (const part of parts) {
      const explanation = explainText(part);
      if (!explanation.ok) {
        if (explanation.message === "") return `Nothing is said of ${part}`;
        continue;
      }
      const text = explanation.readings.flatMap((reading) => [...readingLines(reading)]).join("\n");
      if (text.length > MOST_TEXT) return `${text.length} characters explain ${part.slice(0, 100)}`;
      const bad = unspoken(text);
      if (bad !== undefined) return bad;
    }
    return undefined;
  },
};
