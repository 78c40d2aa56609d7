import assert from "node:assert/strict";
import { it } from "node:test";
import { strangers } from "../../scripts/vsix.ts";
import { zipNames } from "../../scripts/zip-names.ts";

it("a package holds the manifest, the bundles, grammars and pictures", () => {
  const names = [
    "[Content_Types].xml",
    "extension.vsixmanifest",
    "extension/package.json",
    "extension/readme.md",
    "extension/LICENSE.txt",
    "extension/dist/client.cjs",
    "extension/dist/webview/table.js",
    "extension/syntaxes/itscmd.tmLanguage.json",
    "extension/media/gic.svg",
    "extension/skills/gic-workbench/SKILL.md",
  ];
  assert.deepEqual(strangers(names), []);
});

it("a package holds no source, test, source map, package or setting", () => {
  const names = [
    "extension/client/extension.ts",
    "extension/test/vscode/index.ts",
    "extension/dist/client.cjs.map",
    "extension/node_modules/mocha/index.js",
    "extension/.npmrc",
    "extension/tsconfig.json",
    "extension/syntaxes/tsconfig.json",
    "extension/syntaxes/generate.ts",
    "extension/out/test-vscode/index.cjs",
  ];
  assert.deepEqual(strangers(names), names);
});

it("reads the names in a zip archive", () => {
  // Two empty stored entries "a" and "b/c", as any zip tool writes them; only what the central directory says counts.
  const entry = (name: string, extra: number) => {
    const header = Buffer.alloc(46 + name.length + extra);
    header.write("PK\x01\x02", "latin1");
    header.writeUInt16LE(name.length, 28);
    header.writeUInt16LE(extra, 30);
    header.write(name, 46);
    return header;
  };
  const directory = Buffer.concat([entry("a", 4), entry("b/c", 0)]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(2, 10);
  end.writeUInt32LE(7, 16);
  assert.deepEqual(zipNames(Buffer.concat([Buffer.alloc(7), directory, end])), ["a", "b/c"]);
});

it("says what is no zip archive", () => {
  assert.throws(() => zipNames(Buffer.from("plain text")), /not a zip archive/);
});
