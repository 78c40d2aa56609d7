import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import type { BuildOptions, Plugin } from "esbuild";
import { inProject, root } from "./project.ts";

/** The layers that all programs have in common: they are packed once for all of them. */
const coreLayers = ["architecture", "emulator", "language", "dumps", "runner"];
/** The layers that are packed without them. A webview is a program of its own, in a process that has none of these files. */
const programs = ["server/**/*.ts", "debug-adapter/**/*.ts", "cli/**/*.ts", "client/**/*.ts"];
const notPrograms = ["client/webview/**"];

/** The file of the common layers. */
export const coreFile = "core.cjs";

/**
 * Modules of the common layers come from the file that lies beside a bundle. It is loaded when the first of them is used, not when it is
 * imported: an extension that has only registered what it offers, or a `gicwb --help`, has loaded no emulator.
 */
export const coreBeside: Plugin = {
  name: "core-beside",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.{1,2}\// }, ({ path: specifier, resolveDir }) => {
      const file = fromRoot(path.resolve(resolveDir, specifier));
      return isCore(file) ? { path: file, namespace: "core" } : undefined;
    });
    onResolve({ filter: /^core:$/ }, () => ({ path: `./${coreFile}`, external: true }));
    const modules = coreModules();
    onLoad({ filter: /.*/, namespace: "core" }, async ({ path: file }) => {
      if (!modules.has(file))
        return { errors: [{ text: `${file} is imported in a way that ${coreFile} does not see` }] };
      const names = Object.keys(await import(inProject(file)));
      return { contents: lateModule(nameOf(file), names), loader: "js", resolveDir: root };
    });
  },
};

/** A module whose exports are asked of the core's module when they are used. */
function lateModule(member: string, names: readonly string[]): string {
  const getters = names.map((name) => `${name}: { enumerable: true, get: () => of().${name} }`);
  return `let module_; const of = () => module_ ??= require("core:").${member};
Object.defineProperties(exports, { ${getters.join(", ")} });`;
}

/** What the common file is made of: a member for each module that the programs import. */
export function coreEntry(): NonNullable<BuildOptions["stdin"]> {
  const lines = [...coreModules()].sort().map((file) => `export * as ${nameOf(file)} from "./${file}";`);
  return { contents: lines.join("\n"), resolveDir: root, sourcefile: "core.ts", loader: "ts" };
}

/** Modules of the common layers that others import as values. */
function coreModules(): ReadonlySet<string> {
  const modules = new Set<string>();
  for (const file of globSync(programs, { cwd: root, exclude: notPrograms })) {
    const source = readFileSync(inProject(file), "utf8");
    for (const [, specifier] of source.matchAll(/^(?!(?:import|export) type )[^\n]*from "(\.[^"]+\.ts)"/gm)) {
      const target = fromRoot(path.resolve(root, path.dirname(file), specifier));
      if (isCore(target)) modules.add(target);
    }
  }
  return modules;
}

function fromRoot(file: string): string {
  return path.relative(root, file).split(path.sep).join("/");
}

function isCore(file: string): boolean {
  return coreLayers.includes(file.split("/")[0]);
}

function nameOf(file: string): string {
  return file.replace(/\.ts$/, "").replace(/\W/g, "_");
}
