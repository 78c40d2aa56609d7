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
export const coreBeside: Plugin = coreBesideBut();

/** The same, but for small modules of data that a program has itself, because it needs them before anything else of the core. */
export function coreBesideBut(...own: readonly string[]): Plugin {
  return coreBesidePlugin(own, programs);
}

/** {@link coreBesideBut} for programs that have other sources than the extension's: `sources` are patterns of those. */
export function coreBesideOf(sources: readonly string[], ...own: readonly string[]): Plugin {
  return coreBesidePlugin(own, sources);
}

function coreBesidePlugin(own: readonly string[], sources: readonly string[]): Plugin {
  return {
    name: "core-beside",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.{1,2}\// }, ({ path: specifier, resolveDir }) => {
        const file = fromRoot(path.resolve(resolveDir, specifier));
        return isCore(file) && !own.includes(file) ? { path: file, namespace: "core" } : undefined;
      });
      onResolve({ filter: /^core:$/ }, () => ({ path: `./${coreFile}`, external: true }));
      const modules = coreModules(sources);
      onLoad({ filter: /.*/, namespace: "core" }, ({ path: file }) => {
        const names = modules.get(file);
        if (names === undefined)
          return { errors: [{ text: `${file} is imported in a way that ${coreFile} does not see` }] };
        return { contents: lateModule(nameOf(file), [...names].sort()), loader: "js", resolveDir: root };
      });
    },
  };
}

/** A module whose exports are asked of the core's module when they are used. */
function lateModule(member: string, names: readonly string[]): string {
  const getters = names.map((name) => `${name}: { enumerable: true, get: () => of().${name} }`);
  return `let module_; const of = () => module_ ??= require("core:").${member};
Object.defineProperties(exports, { ${getters.join(", ")} });`;
}

/** What the common file is made of: a member for each module that the programs import, of what they import of it. */
export function coreEntry(sources: readonly string[] = programs): NonNullable<BuildOptions["stdin"]> {
  const lines = [...coreModules(sources)].sort().map(([file, names]) => {
    const member = nameOf(file);
    const own = [...names].sort().map((name) => `${name} as ${member}_${name}`);
    const members = [...names].sort().map((name) => `${name}: ${member}_${name}`);
    return `import { ${own.join(", ")} } from "./${file}";\nexport const ${member} = { ${members.join(", ")} };`;
  });
  return { contents: lines.join("\n"), resolveDir: root, sourcefile: "core.ts", loader: "ts" };
}

/** An import or export of values by their names. */
const namedImports = /^(?:import|export) \{([^}]*)\} from "(\.[^"]+\.ts)"/gm;
/** One that names no values, or all of them. */
const otherImports = /^(?:import|export) (?!type\b)(?!\{)[^\n]*from "(\.[^"]+\.ts)"/gm;

/** Modules of the common layers that others import values of, with the names of those. */
function coreModules(sources: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const modules = new Map<string, Set<string>>();
  for (const file of globSync(sources, { cwd: root, exclude: notPrograms })) {
    const source = readFileSync(inProject(file), "utf8");
    const targetOf = (specifier: string) => fromRoot(path.resolve(root, path.dirname(file), specifier));
    for (const [, specifier] of source.matchAll(otherImports)) {
      if (isCore(targetOf(specifier))) throw new Error(`${file} has to import values of ${specifier} by their names`);
    }
    for (const [, list, specifier] of source.matchAll(namedImports)) {
      const target = targetOf(specifier);
      if (!isCore(target)) continue;
      const values = list
        .split(",")
        .map((one) => one.trim())
        .filter((one) => one !== "" && !one.startsWith("type "));
      if (values.length === 0) continue;
      const names = modules.get(target) ?? new Set();
      for (const value of values) names.add(value.split(" as ")[0]);
      modules.set(target, names);
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
