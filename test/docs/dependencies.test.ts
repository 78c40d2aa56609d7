import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { buildProduct } from "../../scripts/bundle.ts";
import { bundledPackages, thirdPartyNotices } from "../../scripts/notices.ts";
import { buildCommandLine } from "../../scripts/npm-bundle.ts";
import { inProject } from "../../scripts/project.ts";
import { textOf } from "./pages.ts";

/** Licences that ask for no more than that their text is passed on. */
const permissive = [
  "MIT",
  "ISC",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "BlueOak-1.0.0",
  "MIT OR Apache-2.0",
];

const json = (file: string) => JSON.parse(readFileSync(inProject(file), "utf8"));
const { dependencies, devDependencies } = json("package.json");
const named = Object.keys({ ...dependencies, ...devDependencies }).sort();

/** The rows of the page's two tables, a package each: its name and the cells behind. */
const rows = new Map(
  textOf("docs/dependencies.md")
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .flatMap((line) => {
      const [names = "", ...cells] = line.split("|").slice(1, -1);
      return names.split(",").map((name) => [name.trim(), cells.map((cell) => cell.trim())] as const);
    })
    .filter(([name]) => name !== "package" && !name.startsWith("-")),
);

describe("docs/dependencies.md", () => {
  test("has a line for each package of package.json, with the licence that the package says", () => {
    for (const name of named) {
      const { license } = json(`node_modules/${name}/package.json`);
      assert.equal(rows.get(name)?.[0], String(license).replace(" OR ", " or "), name);
    }
  });

  test("has no line for a package that is gone", () => {
    const locked = json("package-lock.json").packages;
    assert.deepEqual(
      [...rows.keys()].filter((name) => !(`node_modules/${name}` in locked)),
      [],
    );
  });
});

describe("what is in the packages of others", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "gicwb-notices-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const bundled = new Set<string>();
  let notices = "";

  before(async () => {
    const built = [
      ...(await buildProduct({ minify: true, folder: path.join(folder, "extension") })),
      ...(await buildCommandLine(path.join(folder, "npm"))),
    ];
    for (const place of bundledPackages(built)) bundled.add(place);
    notices = thirdPartyNotices(built);
  });

  test("is what docs/dependencies.md calls bundled, and no other", () => {
    const names = [...bundled].map((place) => json(`${place}/package.json`).name).sort();
    const said = [...rows].filter(([, [, where]]) => where === "bundled").map(([name]) => name);
    assert.deepEqual(names, said.sort());
  });

  test("may be passed on with no more than its licence, and its text is in the notices", () => {
    for (const place of bundled) {
      const { name, version, license } = json(`${place}/package.json`);
      assert.ok(permissive.includes(license), `${name}: ${license}`);
      const [, text = ""] = notices.split(`${name} ${version}\n${"=".repeat(60)}\n`);
      assert.match(text.slice(0, 3000), /permi(t|ssion)|licensed under|# Blue Oak Model License/i, name);
    }
  });
});

test("the lockfile names packages by version and hash, and no host", () => {
  const hosts = readFileSync(inProject("package-lock.json"), "utf8").match(/"resolved": .*/g);
  assert.equal(hosts, null);
});
