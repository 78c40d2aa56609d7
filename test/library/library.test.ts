import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { libraryEntries } from "../../scripts/npm-bundle.ts";
import { npmManifest } from "../../scripts/npm-package.ts";
import { inProject, manifest } from "../../scripts/project.ts";
import { linesOf, textOf } from "../docs/pages.ts";
import { type Installed, installPackage } from "./installed-package.ts";

/** The blocks of docs/library.md in their order, with what is behind their fence. */
function blocks(): { readonly kind: string; readonly text: string }[] {
  const found: { kind: string; lines: string[] }[] = [];
  let isOpen = false;
  for (const { text, isFence, block } of linesOf(textOf("docs/library.md"))) {
    if (isFence) isOpen = false;
    else if (block !== undefined && block !== "") {
      if (!isOpen) found.push({ kind: block, lines: [] });
      isOpen = true;
      found.at(-1)?.lines.push(text);
    }
  }
  return found.map(({ kind, lines }) => ({ kind, text: lines.join("\n") }));
}

const examples = blocks().flatMap(({ kind, text }, at, all) =>
  kind === "js" ? [{ text, printed: all[at + 1]?.kind === "text" ? all[at + 1].text : "" }] : [],
);

describe("the npm package, installed into an empty folder", () => {
  let installed: Installed;
  const run = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: installed.folder, encoding: "utf8" });
    return { status, stdout, stderr };
  };
  before(async () => {
    installed = await installPackage();
  });
  after(() => installed.remove());

  it("has neither scripts that npm runs nor dependencies", () => {
    const file = path.join(installed.folder, "node_modules", "gicwb", "package.json");
    const { scripts, dependencies, version } = JSON.parse(readFileSync(file, "utf8"));
    assert.deepEqual([scripts, dependencies, version], [undefined, undefined, manifest.version]);
    const lock = readFileSync(path.join(installed.folder, "node_modules", ".package-lock.json"), "utf8");
    assert.deepEqual(Object.keys(JSON.parse(lock).packages), ["node_modules/gicwb"]);
  });

  it("holds no source, no test, no source map, and what its manifest names", () => {
    const { names } = installed.packed;
    assert.deepEqual(
      names.filter((name) => /\.map$|(?<!\.d)\.ts$|^test|client|webview/.test(name)),
      [],
    );
    const exported = JSON.stringify(npmManifest()).matchAll(/"(?:\.\/)?((?:dist|types)\/[\w./-]+)"/g);
    const missing = [...exported].map(([, name]) => name).filter((name) => !names.includes(name));
    assert.deepEqual(missing, []);
  });

  it("has a command line that knows its version, runs a script, and finds its other parts", () => {
    const bin = path.join("node_modules", "gicwb", "dist", "gicwb.cjs");
    assert.ok(existsSync(path.join(installed.folder, "node_modules", ".bin", "gicwb")));
    assert.equal(run(bin, "--version").stdout, `gicwb ${manifest.version}\n`);
    const script = path.join(installed.folder, "a script.itscmd");
    writeFileSync(script, "MAPC ICID=0, RDbase=0\n");
    assert.match(run(bin, "run", script).stdout, /: 1 command, no errors\n$/);
    // Both load a file beside them; a client that says nothing ends them.
    assert.equal(run(bin, "dap").status, 0);
    assert.equal(run(bin, "mcp").status, 0);
  });

  it("keeps compiled code in the user's cache folder, where there is one, and none of its servers'", () => {
    const bin = path.join("node_modules", "gicwb", "dist", "gicwb.cjs");
    const cache = path.join(installed.folder, "cache");
    const call = (args: readonly string[], home: string) =>
      spawnSync(process.execPath, [bin, ...args], {
        cwd: installed.folder,
        encoding: "utf8",
        env: {
          ...process.env,
          XDG_CACHE_HOME: home,
          NODE_COMPILE_CACHE: undefined,
          NODE_DISABLE_COMPILE_CACHE: undefined,
        },
      });
    mkdirSync(cache);
    assert.equal(call(["mcp"], cache).status, 0);
    assert.deepEqual(readdirSync(cache), []);
    assert.equal(call(["models"], cache).status, 0);
    assert.deepEqual(readdirSync(path.join(cache, "gicwb")), ["compiled"]);
    // A folder that cannot be made is no reason to stop, or to say anything.
    const { status, stderr } = call(["--version"], path.join(installed.folder, "package.json", "below", "a file"));
    assert.deepEqual([status, stderr], [0, ""]);
  });

  it("gives its modules to require as to import", () => {
    const names = libraryEntries.map((name) => `require("gicwb/${name}")`);
    const { stdout, stderr } = run("-e", `console.log([${names}].map((one) => Object.keys(one).length > 5).join())`);
    assert.equal(stderr, "");
    assert.equal(stdout, "true,true,true\n");
  });

  for (const [at, { text, printed }] of examples.entries())
    it(`runs example ${at + 1} of docs/library.md`, () => {
      const file = path.join(installed.folder, `example-${at + 1}.mjs`);
      writeFileSync(file, text);
      const { status, stdout, stderr } = run(file);
      assert.equal(stderr, "");
      assert.equal(stdout.trimEnd(), printed);
      assert.equal(status, 0);
    });

  it("has types, by which the examples are right in the strictest TypeScript", () => {
    for (const [at, { text }] of examples.entries())
      writeFileSync(path.join(installed.folder, `example-${at + 1}.mts`), text);
    writeFileSync(
      path.join(installed.folder, "wrong.mts"),
      'import { createMachine } from "gicwb/emulator";\n// @ts-expect-error: there is no such model\ncreateMachine({ model: "kvm-1.0" });\n',
    );
    // For `console`, as projects for Node have it.
    symlinkSync(inProject("node_modules", "@types"), path.join(installed.folder, "node_modules", "@types"), "junction");
    const options = {
      module: "nodenext",
      target: "es2023",
      strict: true,
      noEmit: true,
      types: ["node"],
      skipLibCheck: false,
    };
    writeFileSync(
      path.join(installed.folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions: options, include: ["*.mts"] }),
    );
    const { stdout, status } = run(inProject("node_modules", "typescript", "bin", "tsc"), "-p", ".");
    assert.equal(stdout, "");
    assert.equal(status, 0);
  });
});

describe("docs/library.md", () => {
  it("has examples, each with what it prints", () => {
    assert.ok(examples.length >= 4);
    assert.deepEqual(
      examples.filter(({ printed }) => printed === ""),
      [],
    );
  });

  for (const name of libraryEntries)
    it(`names every value of gicwb/${name}`, async () => {
      const row = textOf("docs/library.md")
        .split("\n")
        .find((line) => line.startsWith(`| \`gicwb/${name}\``));
      const [, , functions = ""] = (row ?? "").split(/ \| /);
      const named = [...functions.matchAll(/`(\w+)`/g)].map(([, word]) => word);
      assert.deepEqual(named.sort(), Object.keys(await import(`../../library/${name}.ts`)).sort());
    });
});
