import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import type { BuildOptions, Plugin } from "esbuild";
import { inProject, root } from "./project.ts";

/** The layers that the server, the adapter and the command line have in common: they are packed once for all of them. */
const coreLayers = ["architecture", "emulator", "language", "dumps", "runner"];
/** The layers that are packed without them. */
const processLayers = ["server", "debug-adapter", "cli"];

/** The file of the common layers. */
export const coreFile = "dist/core.cjs";

/** Modules of the common layers come from the file that lies beside a bundle. */
export const coreBeside: Plugin = {
  name: "core-beside",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.{1,2}\// }, ({ path: specifier, resolveDir }) => {
      const file = fromRoot(path.resolve(resolveDir, specifier));
      return isCore(file) ? { path: file, namespace: "core" } : undefined;
    });
    onResolve({ filter: /^core:$/ }, () => ({ path: `./${path.basename(coreFile)}`, external: true }));
    const modules = coreModules();
    onLoad({ filter: /.*/, namespace: "core" }, ({ path: file }) => {
      if (!modules.has(file))
        return { errors: [{ text: `${file} is imported in a way that ${coreFile} does not see` }] };
      return { contents: `module.exports = require("core:").${nameOf(file)};`, loader: "js", resolveDir: root };
    });
  },
};

/** What the common file is made of: a member for each module that the processes import. */
export function coreEntry(): NonNullable<BuildOptions["stdin"]> {
  const lines = [...coreModules()].sort().map((file) => `export * as ${nameOf(file)} from "./${file}";`);
  return { contents: lines.join("\n"), resolveDir: root, sourcefile: "core.ts", loader: "ts" };
}

/** Modules of the common layers that others import, for a type only or not. */
function coreModules(): ReadonlySet<string> {
  const modules = new Set<string>();
  const patterns = processLayers.map((layer) => `${layer}/**/*.ts`);
  for (const file of globSync(patterns, { cwd: root })) {
    for (const [, specifier] of readFileSync(inProject(file), "utf8").matchAll(/from "(\.[^"]+\.ts)"/g)) {
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
