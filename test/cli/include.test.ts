import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { gicwb } from "./gicwb.ts";

const base = realpathSync(mkdtempSync(path.join(tmpdir(), "gicwb include ö ")));
after(() => rmSync(base, { recursive: true, force: true }));

const folder = path.join(base, "scripts");
mkdirSync(path.join(folder, "common files", "語"), { recursive: true });
mkdirSync(path.join(base, "scripts-other"));

function file(name: string, ...lines: readonly string[]): string {
  const full = path.join(folder, name);
  writeFileSync(full, `${lines.join("\n")}\n`);
  return full;
}

file("../secret.itscmd", "let secret = 1");
file("../scripts-other/near.itscmd", "let near = 1");
file("common files/語/map.itscmd", "macro map e {", "  MAPTI DeviceID=8, EventID=e, pINTID=8192 + e, ICID=0", "}");
file(
  "common files/base.itscmd",
  'include "語/map.itscmd"\r',
  "MAPC ICID=0, RDbase=0\r",
  "MAPD DeviceID=8, Size=4, ITT_addr=0x40400000\r",
);
const good = file("good.itscmd", 'include "common files/base.itscmd"', "map e=1", "expect ite[8, 1].pINTID == 8193");

/** The problems that a run prints, without the path of the script. */
async function problems(script: string): Promise<string[]> {
  const { err } = await gicwb("run", "--quiet", script);
  return err.split("\n").flatMap((line) => (line === "" ? [] : [line.slice(line.indexOf(".itscmd:") + 8)]));
}

describe("gicwb with included files", () => {
  test("runs them, in folders below, with blanks and other letters in their names, and windows line endings", async () => {
    const { code, err, out } = await gicwb("run", good);
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /: 3 commands, no errors/);
  });

  test("tells what each line did, with its place", async () => {
    const { out } = await gicwb("run", "--verbose", good);
    assert.deepEqual(out.split("\n").slice(0, 3), [
      "line 1  common files/base.itscmd:2  MAPC ICID=0, RDbase=0  → done",
      "line 1  common files/base.itscmd:3  MAPD DeviceID=8, Size=4, ITT_addr=0x40400000  → done",
      "line 2  語/map.itscmd:2  MAPTI DeviceID=8, EventID=e, pINTID=8192 + e, ICID=0  → done",
    ]);
  });

  test("assembles them", async () => {
    const { out } = await gicwb("assemble", good);
    assert.deepEqual(
      out.split("\n").flatMap((line) => / 0x([0-9a-f]{16})/.exec(line)?.[1].slice(-2) ?? []),
      ["09", "08", "0a"],
    );
  });

  test("compares them on all models, each line by its own place", async () => {
    file("differs.itscmd", "SYNC RDbase=0", "MAPI DeviceID=9, EventID=0, ICID=9");
    const script = file("portable.itscmd", 'include "differs.itscmd"', 'include "common files/base.itscmd"', "map e=1");
    const { out } = await gicwb("run", "--portable", script);
    assert.match(out, /portable\.itscmd:1: differs\.itscmd:2: MAPI DeviceID=9, EventID=0, ICID=9\n/);
    const json = JSON.parse((await gicwb("run", "--portable", "--json", script)).out);
    const [{ lines }] = json.files;
    assert.deepEqual([lines[0].line, lines[0].included, lines.length], [1, "differs.itscmd:2", 1]);
  });

  test("loads what they name from beside them", async () => {
    writeFileSync(path.join(folder, "common files", "words.bin"), "abcd");
    file("common files/loads.itscmd", 'load "words.bin" at 0x43000000', 'load "../none.bin" at 0x43000000');
    const script = file(
      "loading.itscmd",
      'include "common files/loads.itscmd"',
      "expect mem32[0x43000000] == 0x64636261",
    );
    const [found, ...others] = await problems(script);
    assert.match(
      found,
      /^1:1: error ITS0531: .*loads\.itscmd:2: "\.\.\/none\.bin": there is no such file beside the one/,
    );
    assert.deepEqual(others, []);
  });

  test("leaves a machine behind for other commands", async () => {
    const state = path.join(folder, "good.state.json");
    assert.equal((await gicwb("state", "save", good, "-o", state)).code, 0);
    assert.match((await gicwb("state", "show", state)).out, /8193/);
  });

  test("says for programs where in a file something is wrong", async () => {
    file("line.itscmd", "", "  expect 1 == 2");
    const { out } = await gicwb("run", "--json", file("told.itscmd", 'include "line.itscmd"'));
    const [{ problems: found }] = JSON.parse(out).files;
    assert.deepEqual(found[0].included, { file: "line.itscmd", line: 2, column: 3 });
  });

  test("takes values for names that an included file gives", async () => {
    file("names.itscmd", "let wanted = 1");
    const script = file("let.itscmd", 'include "names.itscmd"', "expect wanted == 7");
    assert.equal((await gicwb("run", "--let", "wanted=7", script)).code, 0);
  });

  const refused: readonly (readonly [title: string, given: string, told: RegExp])[] = [
    ["above the script's folder", "../secret.itscmd", /it is outside the script's folder/],
    ["that is not there, above the script's folder", "../nothing.itscmd", /it is outside the script's folder/],
    ["with an absolute path elsewhere", path.join(base, "secret.itscmd"), /it is outside the script's folder/],
    [
      "in a folder whose name begins like the script's",
      "../scripts-other/near.itscmd",
      /it is outside the script's folder/,
    ],
    ["behind a link that leads out", "link.itscmd", /it is outside the script's folder/],
    ["behind a linked folder that leads out", "out/secret.itscmd", /it is outside the script's folder/],
    [
      "that is not there",
      "nothing.itscmd",
      /"nothing\.itscmd" is not included: there is no such file beside the script/,
    ],
    ["that is a folder", "common files", /it is no plain file/],
  ];
  symlinkSync(path.join(base, "secret.itscmd"), path.join(folder, "link.itscmd"));
  symlinkSync(base, path.join(folder, "out"));
  for (const [title, given, told] of refused) {
    test(`refuses a file ${title}`, async () => {
      const script = file("refused.itscmd", `include "${given.replaceAll("\\", "\\\\")}"`, "SYNC RDbase=0");
      const found = await problems(script);
      assert.match(found[0], told);
      assert.equal(found.length, 1);
    });
  }

  test("follows a link that stays inside", async () => {
    symlinkSync(path.join(folder, "common files", "base.itscmd"), path.join(folder, "inside.itscmd"));
    const script = file("linked.itscmd", 'include "inside.itscmd"', "map e=2");
    assert.deepEqual(await problems(script), []);
  });

  test("finds a circle also over links", async () => {
    const script = file("circle.itscmd", 'include "again.itscmd"');
    symlinkSync(script, path.join(folder, "again.itscmd"));
    assert.match((await problems(script))[0], /^1:9: error ITS0704: .*circle\.itscmd includes again\.itscmd\./);
  });

  test("counts problems of an included file at the line that includes it", async () => {
    file("wrong.itscmd", "expect 1 == 2", "INT DeviceID=9, EventID=0");
    const script = file("tested.itscmd", 'include "wrong.itscmd"', 'test "own" {', "  SYNC RDbase=0", "}");
    const { code, out } = await gicwb("test", script);
    assert.equal(code, 1);
    assert.match(out, /tested\.itscmd:1:1: error ITS0510: wrong\.itscmd:1: /);
    assert.match(out, /tested\.itscmd:1:1: error ITS0501: wrong\.itscmd:2: /);
  });

  test("of standard input reads from the folder where it is called", () => {
    const main = path.join(import.meta.dirname, "..", "..", "cli", "main.ts");
    const { status, stderr } = spawnSync(process.execPath, [main, "run", "-"], {
      cwd: folder,
      input: 'include "common files/base.itscmd"\nmap e=1\n',
      encoding: "utf8",
    });
    assert.deepEqual([status, stderr], [0, ""]);
  });
});
