import { chmodSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { type BuildOptions, build, type Metafile } from "esbuild";
import {
  adapterBeside,
  commandLine,
  mcpBeside,
  nodeOptions,
  ownVersion,
  serverBeside,
  withPackages,
} from "./bundle.ts";
import { coreBesideOf, coreEntry, coreFile } from "./core-beside.ts";
import { type Entry, splitBundle } from "./split-bundle.ts";

/** What scripts of others import, each a file of the folder library: `gicwb/emulator` and so on. */
export const libraryEntries: readonly string[] = ["emulator", "dumps", "language"];

/** Sources of the programs of the npm package. */
const sources = ["server/**/*.ts", "debug-adapter/**/*.ts", "cli/**/*.ts", "library/**/*.ts"];

const splitEntries: readonly Entry[] = [
  { source: "server/main.ts", name: "server" },
  { source: "server/tables-main.ts", name: "tables-main" },
  { source: "server/tests-main.ts", name: "tests-main" },
  { source: "debug-adapter/inline.ts", name: "debug-inline" },
  { source: "cli/mcp/main.ts", name: "mcp" },
];

/**
 * Builds the command line and the library into an empty folder, minified: what is in the npm package and not in the extension's. Both have
 * the common layers from one file, as in the extension.
 * @param folder absolute
 */
export async function buildCommandLine(folder: string): Promise<Metafile[]> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const core = coreBesideOf(sources);
  const shared: BuildOptions = { ...nodeOptions, minify: true, sourcemap: false };
  const builds: BuildOptions[] = [
    { ...shared, stdin: coreEntry(sources), outfile: path.join(folder, coreFile) },
    {
      ...shared,
      entryPoints: ["cli/main.ts"],
      outfile: path.join(folder, commandLine),
      // The names of models are options of most commands, and `gicwb models` lists them: neither is to load the emulator.
      plugins: [coreBesideOf(sources, "architecture/models.ts"), adapterBeside, serverBeside, mcpBeside, ownVersion],
      banner: { js: "#!/usr/bin/env node" },
    },
    ...libraryEntries.map((name) => ({
      ...shared,
      entryPoints: [`library/${name}.ts`],
      outfile: path.join(folder, `${name}.cjs`),
      plugins: [core],
    })),
    splitBundle(splitEntries, folder, { ...shared, ...withPackages(core) }),
  ];
  const built = await Promise.all(builds.map((one) => build({ ...one, metafile: true })));
  chmodSync(path.join(folder, commandLine), 0o755);
  return built.map(({ metafile }) => metafile);
}
