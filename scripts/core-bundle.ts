import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import type { BuildOptions, Plugin } from "esbuild";
import { root } from "./project.ts";

/** The layers that run anywhere. They are packed once, for all programs that use them. */
const coreLayers = ["architecture", "emulator", "language", "dumps", "runner"];
/** The layers whose bundles take them from there. */
const outerLayers = ["server", "debug-adapter", "cli"];

const CORE = "./core.cjs";

/** The entry of the bundle that the others share: every module of the core that a file outside of it imports, by its path. */
export function coreEntry(): NonNullable<BuildOptions["stdin"]> {
  const modules = [...importedModules()].sort();
  const imports = modules.map((module, at) => `import * as m${at} from "./${module}";`);
  const entries = modules.map((module, at) => `${JSON.stringify(module)}: m${at}`);
  return { contents: [...imports, `export const modules = { ${entries.join(", ")} };`].join("\n"), resolveDir: root };
}

/** A bundle takes the core from the file beside it. */
export const coreBeside: Plugin = {
  name: "core-beside",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path: specifier, resolveDir, namespace }) => {
      if (namespace === "core") return { path: CORE, external: true };
      const module = moduleAt(resolveDir, specifier);
      return isCore(module) ? { path: module, namespace: "core" } : undefined;
    });
    onLoad({ filter: /./, namespace: "core" }, ({ path: module }) => ({
      contents: `module.exports = require("${CORE}").modules[${JSON.stringify(module)}];`,
    }));
  },
};

function importedModules(): Set<string> {
  const found = new Set<string>();
  for (const file of globSync(
    outerLayers.map((layer) => `${layer}/**/*.ts`),
    { cwd: root },
  )) {
    const source = readFileSync(path.join(root, file), "utf8");
    // What is imported for its types alone leaves nothing behind.
    for (const [, specifier] of source.matchAll(/^(?:import|export)\s(?!type\b)[^;"]*from "(\.[^"]+)";/gm)) {
      const module = moduleAt(path.join(root, path.dirname(file)), specifier);
      if (isCore(module)) found.add(module);
    }
  }
  return found;
}

/** Path from the project's root, with `/`. */
function moduleAt(folder: string, specifier: string): string {
  return path.relative(root, path.resolve(folder, specifier)).replaceAll(path.sep, "/");
}

function isCore(module: string): boolean {
  return coreLayers.includes(module.split("/")[0]);
}
