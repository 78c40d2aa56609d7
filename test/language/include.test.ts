import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type FileRefusal, limits, ScriptDocument, type ScriptFiles } from "../../language/index.ts";
import { Files } from "./script-files.ts";
import { problems } from "./scripts.ts";

const MAIN = "main.itscmd";

function including(text: string, files: ScriptFiles): ScriptDocument {
  return new ScriptDocument(text, new Map(), { files, file: MAIN });
}

const COMMON = "let lpi = 8192\nmacro map event {\n  MAPTI DeviceID=8, EventID=event, pINTID=lpi + event, ICID=0\n}\n";

/** A script, files beside it, and what is wrong with it. */
const cases: readonly (readonly [
  title: string,
  text: string,
  files: Readonly<Record<string, string>>,
  found: readonly string[],
])[] = [
  ["names and macros are seen below", 'include "a"\nmap event=lpi', { a: COMMON }, []],
  ["and not above", 'read32 lpi\ninclude "a"', { a: COMMON }, ["1 ITS0301 lpi"]],
  ["names of a file that a file includes", 'include "b"\nmap event=lpi', { a: COMMON, b: 'include "a"\n' }, []],
  ["a file sees nothing of who includes it", 'let x = 1\ninclude "a"', { a: "read32 x" }, ['2 ITS0706 "a"']],
  [
    "two files that need the same one",
    'include "b"\ninclude "c"\nmap event=lpi',
    { a: COMMON, b: 'include "a"', c: 'include "a"' },
    [],
  ],
  ["the same file twice", 'include "a"\ninclude "a"\nmap event=1', { a: COMMON }, []],
  ["a name that is taken", 'let lpi = 1\ninclude "a"\nmap event=1', { a: COMMON }, ['2 ITS0707 "a"', "3 ITS0102 map"]],
  ["a macro that is taken", 'macro map x {\n}\ninclude "a"\nmap x=1', { a: COMMON }, ['3 ITS0707 "a"']],
  ["a name that an include has taken", 'include "a"\nlet lpi = 1', { a: COMMON }, ["2 ITS0302 lpi"]],
  ["a macro that an include has taken", 'include "a"\nmacro map {\n}', { a: COMMON }, ["2 ITS0317 map"]],
  ["names in blocks stay there", 'include "a"\nlet i = 1\nlet j = 1', { a: "for i in 0..1 {\n  let j = i\n}" }, []],
  ["a missing file", 'include "no"\nSYNC RDbase=0', {}, ['1 ITS0702 "no"']],
  ["no path", "include common", {}, ["1 ITS0105 common"]],
  ["something behind the path", 'include "a" "b"', { a: "" }, ['1 ITS0106 "b"']],
  ["in a block", 'repeat 1 {\n  include "a"\n}', { a: "" }, ['2 ITS0701 include "a"']],
  ["a file that includes itself", 'include "a"', { a: 'SYNC RDbase=0\ninclude "a"' }, ['1 ITS0706 "a"']],
  ["a file that includes the script", 'include "a"', { a: `include "${MAIN}"`, [MAIN]: "" }, ['1 ITS0706 "a"']],
  ["the script itself", `include "${MAIN}"`, { [MAIN]: "" }, [`1 ITS0704 "${MAIN}"`]],
  ["a binary file", 'include "a"', { a: "\0" }, ['1 ITS0703 "a"']],
  ["a machine further down", 'include "a"', { a: "SYNC RDbase=0\nmachine { cpus = 2 }" }, ['1 ITS0708 "a"']],
  [
    "a machine and tests of its own",
    'machine { cpus = 2 }\ninclude "a"',
    { a: 'machine { cpus = 3 }\ntest "t" {\n}' },
    ['2 ITS0709 "a"'],
  ],
  ["windows line endings", 'include "a"\r\nmap event=lpi\r\n', { a: COMMON.replaceAll("\n", "\r\n") }, []],
  ["spaces and other letters in a path", 'include "a b/ö 语.itscmd"\nmap event=lpi', { "a b/ö 语.itscmd": COMMON }, []],
  ["a name that the word is", "let include = 1\nread32 include", {}, []],
];

describe("include", () => {
  for (const [title, text, files, found] of cases)
    it(title, () => assert.deepEqual(problems(including(text, new Files(files))), found));

  it("says where nobody gives files", () => {
    const [problem] = new ScriptDocument('include "a"').diagnostics().list;
    assert.match(problem.message, /^"a" is not included: scripts have no files here\./);
  });

  it("says the place of what is wrong in a file in a file, and how much more there is", () => {
    const document = including('include "b"', new Files({ a: "\nreads\nreads 1", b: '\ninclude "a"' }));
    const [problem] = document.diagnostics().list;
    assert.match(problem.message, /^b:2: a:2: 'reads' begins no statement.*\(1 more in this file\)$/);
    assert.deepEqual([problem.inside?.file, problem.inside?.line], ["a", 1]);
  });

  it("says the way of a circle", () => {
    const [problem] = including('include "a"', new Files({ a: 'include "b"', b: 'include "a"' })).diagnostics().list;
    assert.match(problem.message, /a includes b includes a\./);
  });

  const refusals: readonly (readonly [refusal: FileRefusal, told: RegExp])[] = [
    [
      { refused: "outside", root: "workspace" },
      /it is outside the workspace's folder .* only files in there are read\./,
    ],
    [{ refused: "outside", root: "script" }, /it is outside the script's folder, and only files beside the script/],
    [{ refused: "missing", beside: "script" }, /"a" .*there is no such file beside the script\./],
    [{ refused: "missing", beside: "included" }, /there is no such file beside the one that names it\./],
    [{ refused: "too-large", bytes: 20, most: 16 }, /it has 20 bytes; at most 16 are read\./],
    [{ refused: "too-much", most: 2 ** 24 }, /16 MiB together/],
    [{ refused: "denied" }, /it may not be read\./],
    [{ refused: "not-plain" }, /it is no plain file\./],
    [{ refused: "link-loop" }, /its links lead nowhere\./],
    [{ refused: "unreadable", code: "EIO" }, /it cannot be read \(EIO\)\./],
  ];
  for (const [refusal, told] of refusals) {
    it(`says why a file is refused: ${Object.values(refusal).join(", ")}`, () => {
      const [problem] = including('include "a"', { read: () => refusal }).diagnostics().list;
      assert.match(problem.message, told);
    });
  }

  it("goes eight deep", () => {
    const chain = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, at) => [`${at}`, at + 1 < count ? `include "${at + 1}"` : ""]),
      );
    assert.deepEqual(problems(including('include "0"', new Files(chain(8)))), []);
    const [problem] = including('include "0"', new Files(chain(9))).diagnostics().list;
    assert.match(problem.message, /^0:1: 1:1: .*Files may include others 8 deep/);
  });

  it("counts a depth that was measured from elsewhere", () => {
    const files = {
      a: 'include "b"',
      b: 'include "c"',
      c: "",
      ...Object.fromEntries(Array.from({ length: 6 }, (_, at) => [`${at}`, `include "${at === 5 ? "a" : at + 1}"`])),
    };
    assert.deepEqual(problems(including('include "a"\ninclude "0"', new Files(files))), ['2 ITS0706 "0"']);
  });

  it("reads so many paths and bytes at most", () => {
    const files = new Files({});
    const lines = Array.from({ length: limits.includedFiles + 10 }, (_, at) => `include "${at}"`);
    const document = including(lines.join("\n"), files);
    assert.equal(files.reads.length, limits.includedFiles);
    assert.equal(document.lines[limits.includedFiles].problem?.code, "ITS0705");
    const large = new Uint8Array(limits.includedBytes / 2 + 1).fill(0x0a).fill(0x23, 0, 9_000_000);
    large.fill(0x20, 1, 9_000);
    const two = including('include "a"\ninclude "b"', new Files({ a: large, b: large }));
    assert.match(two.lines[1].problem?.message ?? "", /16 MiB together/);
  });

  it("takes the machine of a file above all statements", () => {
    const files = new Files({ a: "machine { cpus = 3 }\nlet x = 1" });
    assert.equal(including('# machine of all\ninclude "a"', files).machine.cpus, 3);
    assert.equal(including('SYNC RDbase=0\ninclude "a"', files).machine.cpus, 4);
    assert.deepEqual(problems(including('include "a"\nmachine { cpus = 2 }', files)), []);
  });

  it("reads a file once, however the script is edited below", () => {
    const files = new Files({ a: COMMON });
    const document = including('include "a"\nlet y = lpi\nmap event=1\n', files);
    assert.deepEqual(files.reads, ["a"]);
    for (const text of ["let z = y\n", "repeat 2 {\n", "}\n", 'include "a"\n'])
      document.update([{ start: { line: 2, column: 0 }, end: { line: 2, column: 0 }, text }]);
    document.update([{ start: { line: 0, column: 0 }, end: { line: 0, column: 0 }, text: "\n" }]);
    assert.deepEqual(files.reads, ["a"]);
    assert.equal(document.namesAt(7).find(({ name }) => name === "y")?.constant, 8192n);
  });

  it("sees a file that has changed, and what includes it", () => {
    const files = new Files({ a: COMMON, b: 'include "a"' });
    const document = including('SYNC RDbase=0\ninclude "b"\nlet y = lpi\nmap event=1', files);
    assert.equal(document.refreshIncludes(), undefined);
    files.texts.set("a", COMMON.replace("8192", "9000").replace("map", "other"));
    assert.deepEqual(document.refreshIncludes(), { firstLine: 1 });
    assert.deepEqual(problems(document), ["4 ITS0102 map"]);
    assert.equal(document.namesAt(4).find(({ name }) => name === "y")?.constant, 9000n);
    files.texts.delete("a");
    document.refreshIncludes();
    assert.deepEqual(problems(document), ['2 ITS0706 "b"', "3 ITS0301 lpi", "4 ITS0102 map"]);
    assert.equal(document.refreshIncludes(), undefined);
  });

  it("forgets files that no line includes any more", () => {
    const files = new Files({ a: 'include "c"', b: "", c: "" });
    const document = including('include "a"\n', files);
    assert.deepEqual([...document.includedByAny()].sort(), ["a", "c"]);
    document.update([{ start: { line: 0, column: 9 }, end: { line: 0, column: 10 }, text: "b" }]);
    assert.deepEqual([...document.includedByAny()], ["b"]);
  });

  it("is after edits as if it had been opened so", () => {
    const files = new Files({ a: COMMON, b: 'include "a"\nlet z = 1', c: 'include "nothing"', d: "let y = 1\n" });
    const words = [
      'include "a"',
      'include "b"',
      'include "c"',
      'include "d"',
      "let lpi = 1",
      "let y = z",
      "map event=1",
      "repeat 2 {",
      "}",
      "macro map x {",
      "",
    ];
    const document = including("", files);
    let seed = 7;
    const random = (count: number) => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return seed % count;
    };
    for (let round = 0; round < 300; round++) {
      const line = random(document.lines.length);
      const end = random(3) === 0 ? Math.min(line + 2, document.lines.length - 1) : line;
      const text = random(4) === 0 ? "" : `${words[random(words.length)]}\n`;
      document.update([{ start: { line, column: 0 }, end: { line: end, column: 0 }, text }]);
      const fresh = including(document.text, files);
      assert.deepEqual(document.diagnostics().list, fresh.diagnostics().list, document.text);
      const running = (of: ScriptDocument) => of.lines.map((one) => of.runsInclude(one));
      assert.deepEqual(running(document), running(fresh), document.text);
      assert.deepEqual(document.namesAt(99), fresh.namesAt(99), document.text);
    }
  });
});
