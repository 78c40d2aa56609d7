import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { better, compare, comparisonLines, hasFailed } from "../../bench/compare.ts";
import { median, merged, type Report } from "../../bench/figures.ts";
import { isBusy, performancePage } from "../../bench/page.ts";
import { suites } from "../../bench/suites.ts";
import { inProject } from "../../scripts/project.ts";
import { textOf } from "../docs/pages.ts";

const suite = (name: string, ratios: Readonly<Record<string, number>>) => ({
  suite: name,
  figures: Object.entries(ratios).map(([name, ratio]) => ({ name, unit: "ms", median: 1, least: 1, most: 1, ratio })),
});

describe("figures of several rounds", () => {
  test("are medians, with the least and the most of any round", () => {
    const round = (value: number, ratio?: number) => [
      { name: "a", unit: "ms", value, ...(ratio === undefined ? {} : { ratio }) },
      { name: "b", unit: "MiB", value: 7, least: 5, most: 9 },
    ];
    assert.deepEqual(merged([round(3, 1), round(1, 2), round(2)]), [
      { name: "a", unit: "ms", median: 2, least: 1, most: 3, ratio: 1.5 },
      { name: "b", unit: "MiB", median: 7, least: 5, most: 9 },
    ]);
    assert.equal(median([4, 1, 3, 2]), 2.5);
    assert.deepEqual(merged([]), []);
  });
});

describe("a comparison", () => {
  const kept = { suites: [suite("emulator", { INT: 2, MAPD: 1 }), suite("dumps", { xxd: 5 })] };

  test("fails for a ratio that is more than 20 % lower, and for no other", () => {
    const now = { suites: [suite("emulator", { INT: 1.5, MAPD: 0.81 }), suite("dumps", { xxd: 9 })] };
    const found = compare(kept, now);
    assert.deepEqual(found, {
      fallen: [{ suite: "emulator", name: "INT", kept: 2, now: 1.5 }],
      compared: 3,
      missing: [],
    });
    assert.ok(hasFailed(found));
    assert.match(comparisonLines(found)[0], /^FELL emulator: INT: ratio 1\.5, kept 2: 25 % less$/);
  });

  test("says what was not measured, and fails when nothing was", () => {
    const some = compare(kept, { suites: [suite("dumps", { xxd: 5 })] });
    assert.deepEqual(some.missing, ["emulator: INT", "emulator: MAPD"]);
    assert.ok(!hasFailed(some));
    assert.ok(hasFailed(compare(kept, { suites: [] })));
  });

  test("takes the better of two runs, as other work makes a run worse only", () => {
    const { figures } = better(suite("a", { x: 1, y: 2 }), suite("a", { x: 3, y: 1 }));
    assert.deepEqual(
      figures.map(({ ratio }) => ratio),
      [3, 2],
    );
  });
});

describe("the suites", () => {
  const printed: Readonly<Record<string, unknown>> = {
    emulator: {
      cases: [{ name: "INT", qemu: 100, off: 50, on: 80, kvm: 60, offRatio: 2, onRatio: 1.25, kvmRatio: 1.7 }],
      first: { emulatorMs: 20, qemuMs: 10, ratio: 0.5 },
      journal: { mibPerMillion: 18, stepBackUs: 0.2, rewindMillionMs: 60 },
      creation: { milliseconds: 3, residentMib: 10 },
    },
    "language-server": [
      { figures: { hover: { median: 2, p95: 3 }, fold: { median: 1, p95: 1 } }, memoryMiB: 100 },
      { figures: { hover: { median: 4, p95: 5 } }, memoryMiB: 200 },
      { figures: { hover: { median: 10, p95: 12 }, fold: { median: 3, p95: 4 } }, memoryMiB: 300 },
    ],
    dumps: {
      machine: "x",
      node: "v24",
      "load average before": 0.1,
      "xxd: MiB/s": 500,
      "xxd -r: MiB/s": 100,
      "rows: ms": 7,
    },
    debug: { figures: [{ name: "step", value: 3, unit: "ms", aim: 10 }] },
    start: { node: 40, calls: [{ name: "gicwb --version", median: 50, least: 45, most: 70 }] },
    activation: { activationMs: { least: 20, median: 25, most: 30 }, loadMs: { least: 5, median: 6, most: 7 } },
  };

  for (const { name, read, rounds, seconds } of suites)
    test(`${name}: what it prints becomes figures`, () => {
      const figures = merged([read(printed[name])]);
      assert.ok(figures.length > 0 && rounds > 0 && seconds > 0);
      for (const { median, least, most, ratio } of figures) {
        assert.ok(least <= median && median <= most);
        assert.ok(ratio === undefined || ratio > 0);
      }
      assert.ok(existsSync(inProject("bench", `${name}.ts`)));
    });

  test("have ratios that say how many times as good ours is", () => {
    const ratio = (suite: string, figure: string) =>
      merged([suites.find(({ name }) => name === suite)?.read(printed[suite]) ?? []]).find(
        ({ name }) => name === figure,
      )?.ratio;
    assert.equal(ratio("emulator", "INT"), 2);
    assert.equal(ratio("language-server", "hover"), 5);
    assert.equal(ratio("language-server", "fold"), undefined);
    assert.equal(ratio("language-server", "memory"), 3);
    assert.equal(ratio("dumps", "xxd"), 5);
    assert.equal(ratio("dumps", "rows"), undefined);
    assert.equal(ratio("start", "gicwb --version"), 0.8);
  });

  test("take less than ten minutes together", () => {
    const all = suites.reduce((sum, { rounds, seconds }) => sum + rounds * seconds, 0);
    assert.ok(all <= 600, `${all} s`);
  });
});

describe("docs/performance.md", () => {
  const report: Report = {
    date: "2027-01-31",
    machine: "a machine, 2 cores, 8 GiB",
    system: "Linux 6.1, x64",
    node: "v24.0.0",
    version: "1.0.0",
    load: 0.1,
    cores: 2,
    suites: [{ ...suite("dumps", { xxd: 5 }), peer: "xxd 2022" }],
  };

  test("has machine, versions, medians, spread and ratios", () => {
    const page = performancePage(report);
    assert.match(
      page,
      /gicwb 1\.0\.0 on 2027-01-31: a machine, 2 cores, 8 GiB; Linux 6\.1, x64; Node v24\.0\.0; load 0\.1/,
    );
    assert.match(page, /^## dumps$/m);
    assert.match(page, /Beside it: xxd 2022\./);
    assert.match(page, /^\| xxd \| 1 \| 1 to 1 \| ms \| 5x \|$/m);
    assert.doesNotMatch(page, /something else/);
  });

  test("says so when the machine was busy", () => {
    assert.ok(isBusy({ load: 1.5, cores: 2 }));
    assert.match(performancePage({ ...report, load: 1.5 }), /doing something else meanwhile/);
  });

  test("is what bench/figures.json says", () => {
    const file = inProject("bench", "figures.json");
    const kept = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Report) : undefined;
    assert.equal(textOf("docs/performance.md"), performancePage(kept));
  });
});
