import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { circles } from "./circles.ts";
import { importSpecifiers, layers, tools, violations } from "./layers.ts";

const root = path.resolve(import.meta.dirname, "../..");
const folders = [...Object.keys(layers), ...tools];
const files = globSync(`{${folders.join(",")}}/**/*.ts`, { cwd: root }).map((file) => file.split(path.sep).join("/"));

describe("layer rule", () => {
  it("holds in every file", () => {
    assert.ok(files.length > 20, `${files.length} files were found`);
    const found = files.flatMap((file) => violations(file, readFileSync(path.join(root, file), "utf8")));
    assert.deepEqual(
      found.map(({ file, specifier, reason }) => `${file}: "${specifier}": ${reason}`),
      [],
    );
  });

  const planted: readonly (readonly [string, string, string | undefined])[] = [
    ["architecture/a.ts", 'import { x } from "../emulator/x.ts";', "architecture/ may not import emulator/"],
    ["emulator/deep/a.ts", 'import type { X } from "../../dumps/x.ts";', "emulator/ may not import dumps/"],
    ["language/a.ts", 'export * from "../runner/x.ts";', "language/ may not import runner/"],
    ["dumps/a.ts", 'import fs from "node:fs";', "dumps/ is pure: it imports no package, no node: and no vscode"],
    [
      "runner/a.ts",
      'const v = await import("vscode");',
      "runner/ is pure: it imports no package, no node: and no vscode",
    ],
    ["runner/a.ts", 'import "fast-check";', "runner/ is pure: it imports no package, no node: and no vscode"],
    ["server/a.ts", 'import { a } from "../debug-adapter/a.ts";', "server/ may not import debug-adapter/"],
    ["client/a.ts", 'import { e } from "../emulator/e.ts";', "client/ may not import emulator/"],
    ["client/a.ts", 'import { s } from "../server/main.ts";', "client/ may not import server/"],
    ["cli/a.ts", 'import { c } from "../client/c.ts";', "cli/ may not import client/"],
    ["cli/a.ts", 'import { c } from "../scripts/c.ts";', "cli/ may not import scripts/"],
    ["test/deep/a.ts", 'import { x } from "../../../shared/x.ts";', "the import leaves the project"],
    ["cli/a.ts", 'let t: import("../client/c.ts").C;', "cli/ may not import client/"],
    ["emulator/a.ts", 'import {\n  a,\n  b,\n} from "../language/a.ts";', "emulator/ may not import language/"],
    ["scripts/a.ts", 'import x from "/abs/x.ts";', "an import names a package or a path"],
    ["client/a.ts", 'import type { P } from "../server/protocol.ts";', undefined],
    ["client/a.ts", 'import type { P } from "../debug-adapter/state-protocol.ts";', undefined],
    ["client/a.ts", 'import * as vscode from "vscode";', undefined],
    ["cli/a.ts", 'import manifest from "../package.json" with { type: "json" };', undefined],
    ["dumps/a.ts", 'import p from "../package.json" with { type: "json" };', "dumps/ may not import package.json"],
    ["emulator/a.ts", 'import { f } from "../architecture/field.ts";', undefined],
    ["emulator/deep/a.ts", 'import { f } from "../its.ts";', undefined],
    ["emulator/arch/a.ts", 'import { f } from "../gicv3/f.ts";', undefined],
    ["emulator/arch/a.ts", 'import { f } from "../qemu/f.ts";', "emulator/arch/ may not import emulator/qemu/"],
    ["emulator/gicv3/a.ts", 'import { f } from "../qemu/f.ts";', "emulator/gicv3/ may not import emulator/qemu/"],
    ["emulator/kvm/its/a.ts", 'import { f } from "../../qemu/f.ts";', "emulator/kvm/ may not import emulator/qemu/"],
    ["emulator/a.ts", '// import "node:fs";\n/* import "vscode" */', undefined],
    ["cli/a.ts", 'import { r } from "../runner/r.ts";', undefined],
  ];
  for (const [file, source, reason] of planted) {
    it(`${reason === undefined ? "allows" : "refuses"} ${source.replaceAll("\n", " ")} in ${file}`, () => {
      assert.equal(violations(file, source)[0]?.reason, reason);
    });
  }

  it("reads all forms of import and passes over comments", () => {
    const source = `
      import a from "a"; import type { B } from 'b'; import "c"; export { d } from "d"; export * as e from "e";
      const f = await import("f"); const g = require("g"); // import "h"
      const url = "http://x"; import i from "i"; /* from "j" */
      const quote = /["'\`]/; import k from "k"; const text = 'import l from "l"'; import m from "m";`;
    assert.deepEqual(importSpecifiers(source).sort(), ["a", "b", "c", "d", "e", "f", "g", "i", "k", "m"]);
  });
});

describe("circles of files", () => {
  it("are not in the project", () => {
    const imports = files.map((file) => [file, importSpecifiers(readFileSync(path.join(root, file), "utf8"))] as const);
    assert.deepEqual(circles(new Map(imports)), []);
  });

  const planted: readonly (readonly [string, Readonly<Record<string, readonly string[]>>, readonly string[][]])[] = [
    ["two that import each other", { "a/x.ts": ["./y.ts"], "a/y.ts": ["./x.ts"] }, [["a/x.ts", "a/y.ts"]]],
    [
      "one of three over folders",
      { "a/x.ts": ["../b/y.ts"], "b/y.ts": ["./deep/z.ts", "node:fs"], "b/deep/z.ts": ["../../a/x.ts"] },
      [["a/x.ts", "b/deep/z.ts", "b/y.ts"]],
    ],
    ["a file that imports itself", { "a/x.ts": ["./x.ts"] }, [["a/x.ts"]]],
    [
      "two circles that are joined one way",
      { "a.ts": ["./b.ts"], "b.ts": ["./a.ts", "./c.ts"], "c.ts": ["./d.ts"], "d.ts": ["./c.ts"] },
      [
        ["a.ts", "b.ts"],
        ["c.ts", "d.ts"],
      ],
    ],
    ["no circle where two ways lead to one file", { "a.ts": ["./b.ts", "./c.ts"], "b.ts": ["./c.ts"], "c.ts": [] }, []],
    [
      "no circle where a file is entered from behind",
      { "c.ts": [], "b.ts": ["./c.ts"], "a.ts": ["./b.ts", "./c.ts"] },
      [],
    ],
  ];
  for (const [title, imports, expected] of planted) {
    it(`finds ${title}`, () => assert.deepEqual(circles(new Map(Object.entries(imports))), expected));
  }

  it("counts imports of types", () => {
    const imports = [
      ["a.ts", importSpecifiers('import type { B } from "./b.ts";')],
      ["b.ts", importSpecifiers('let a: import("./a.ts").A;')],
    ] as const;
    assert.deepEqual(circles(new Map(imports)), [["a.ts", "b.ts"]]);
  });
});

describe("the house", () => {
  const product = files.filter((file) => file.split("/")[0] in layers);

  it("has rooms: no folder holds more files than one takes in at a glance", () => {
    const counts = new Map<string, number>();
    for (const file of product) counts.set(path.dirname(file), (counts.get(path.dirname(file)) ?? 0) + 1);
    assert.deepEqual(
      [...counts].filter(([, count]) => count > 30),
      [],
    );
  });

  it("spells private members one way: private", () => {
    const spelled = (text: string) => /^\s+(?:(?:static|async|readonly|get|set) |\*)*#\w/m.test(text);
    assert.ok(spelled("class A {\n  readonly #a = 1;"));
    assert.deepEqual(
      files.filter((file) => spelled(readFileSync(path.join(root, file), "utf8"))),
      [],
    );
  });
});
