import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { byFolder, neverLoaded, percent, ranges, readLcov, reportLines } from "../../scripts/coverage-report.ts";

const lcov = `TN:
SF:dumps/elf/read.ts
FN:1,a
DA:1,3
DA:2,0
DA:3,0
DA:5,1
DA:9,0
end_of_record
SF:test/a.test.ts
DA:1,1
end_of_record
SF:dumps/index.ts
DA:1,1
end_of_record
`;
const files = readLcov(lcov, (file) => file.startsWith("dumps/"));

describe("a report of coverage", () => {
  test("has of each file of ours the lines that never ran", () => {
    assert.deepEqual(files, [
      { file: "dumps/elf/read.ts", lines: 5, missed: [2, 3, 9] },
      { file: "dumps/index.ts", lines: 1, missed: [] },
    ]);
    assert.equal(ranges([2, 3, 9]), "2-3, 9");
  });

  test("counts a file that no test loads", () => {
    const source = "// why\n/**\n * what\n */\nexport function a() {\n  return 1;\n}\n";
    assert.deepEqual(neverLoaded("cli/a.ts", source), {
      file: "cli/a.ts",
      lines: 2,
      missed: [5, 6],
      neverLoaded: true,
    });
  });

  test("sums folders, and what is in them", () => {
    const folders = byFolder([...files, neverLoaded("cli/a.ts", "a();\n")]);
    assert.deepEqual(
      folders.map(({ folder, files: count, lines, missed }) => [folder, count, lines, missed]),
      [
        ["cli", 1, 1, 1],
        ["dumps", 2, 6, 3],
        ["dumps/elf", 1, 5, 3],
      ],
    );
    assert.equal(percent(folders[1]), "50.0 %");
    assert.equal(percent({ lines: 0, missed: 0 }), "-");
  });

  test("names lines, the worst file first", () => {
    const lines = reportLines([neverLoaded("cli/a.ts", "a();\n"), ...files]);
    const listed = lines.slice(lines.indexOf("## Lines never run") + 2);
    assert.deepEqual(listed, ["- dumps/elf/read.ts: 2-3, 9", "- cli/a.ts: all 1, no test loads it"]);
  });
});
