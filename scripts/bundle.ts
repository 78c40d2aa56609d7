import { chmodSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";
import { coreBeside, coreBesideBut, coreEntry, coreFile } from "./core-beside.ts";
import { inProject, manifest, root, UserError } from "./project.ts";
import { writeSamples } from "./samples.ts";
import { type Entry, splitBundle } from "./split-bundle.ts";
import { swapFolder } from "./swap-folder.ts";

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  metafile: true,
  sourcemap: true,
  legalComments: "none",
  logLevel: "warning",
};

/** Programs for Node: the command line must run where only Node 20 is. */
export const nodeOptions: BuildOptions = {
  ...common,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode"],
  // What is loaded later is loaded by `require`, as VS Code's own modules are.
  supported: { "dynamic-import": false },
};

/** Programs that load another one, which lies beside them in the package and is packed once. */
function beside(...others: readonly (readonly [source: RegExp, output: string])[]): Plugin {
  return {
    name: "beside",
    setup({ onResolve }) {
      for (const [filter, output] of others)
        onResolve({ filter, namespace: "file" }, ({ kind }) =>
          kind === "entry-point" ? undefined : { path: `./${output}`, external: true },
        );
    },
  };
}

/** What is packed once for all programs that run a debug session, or a language server. */
export const adapterBeside = beside([/^\.\.?\/(?:debug-adapter\/)?inline\.ts$/, "debug-inline.cjs"]);
export const serverBeside = beside([/server\/main\.ts$/, "server.cjs"]);
/** The server for assistants: who asks for no assistant pays nothing for it. */
export const mcpBeside = beside([/mcp\/main\.ts$/, "mcp.cjs"]);
/** What the extension loads in Node when it is needed. */
const partsBeside = beside(
  [/^\.\/language\.ts$/, "language-node.cjs"],
  [/^\.\/parts\.ts$/, "node-parts.cjs"],
  [/^\.\/mcp-server\.ts$/, "mcp-server.cjs"],
  [/assistants\/session-tools\.ts$/, "session-tools.cjs"],
);

/**
 * Leaves out what `gicwb mcp` never calls of the SDK of the Model Context Protocol and is half of it: the JSON schema library, which checks
 * what users enter in forms (cli/mcp/no-validator.ts), and zod's writer of JSON schemas, as ours are written already.
 */
const noSchemaLibrary: Plugin = {
  name: "no-schema-library",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/ajv-provider\.js$/ }, () => ({ path: "ajv-provider", namespace: "left-out" }));
    onLoad({ filter: /.*/, namespace: "left-out" }, () => ({ contents: "export class AjvJsonSchemaValidator {}" }));
    const writer = /[\\/]zod[\\/]v4[\\/]core[\\/](to-json-schema|json-schema-processors|json-schema-generator)\.js$/;
    onLoad({ filter: writer }, ({ path: file }) => {
      const source = readFileSync(file, "utf8");
      const names = source.matchAll(/^export (?:async )?(?:function|const|class) (\w+)/gm);
      return { contents: Array.from(names, ([, name]) => `export function ${name}() {}`).join("\n") };
    });
  },
};

/**
 * The commands of the command line all at once. In the npm package each is loaded when it is called (cli/commands/index.ts), which makes the
 * file larger; in the extension, whose size counts, those who run it wait for the emulator anyway.
 */
const commandsAtOnce: Plugin = {
  name: "commands-at-once",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]cli[\\/]commands[\\/]index\.ts$/ }, ({ path: file }) => {
      const imports: string[] = [];
      const table = readFileSync(file, "utf8").replaceAll(
        /async \(\) => \(await import\("([^"]+)"\)\)\.(\w+)/g,
        (_, module: string, name: string) => {
          imports.push(`import { ${name} as c${imports.length} } from "${module}";`);
          return `() => Promise.resolve(c${imports.length - 1})`;
        },
      );
      if (imports.length === 0) throw new Error(`${file} loads no command as it is expected to`);
      return { contents: [...imports, table].join("\n"), loader: "ts" };
    });
  },
};

/** The `bin` of package.json. */
export const commandLine = "gicwb.cjs";

const browser: BuildOptions = { ...common, platform: "browser", format: "iife", target: "es2022" };

/** Programs that have much in common, whatever they run in. */
const splitEntries: readonly Entry[] = [
  { source: "client/node/language.ts", name: "language-node" },
  { source: "client/node/parts.ts", name: "node-parts" },
  { source: "client/node/mcp-server.ts", name: "mcp-server" },
  { source: "client/web/language.ts", name: "language-web" },
  { source: "server/main.ts", name: "server" },
  { source: "server/browser.ts", name: "server-web" },
  { source: "server/tables-main.ts", name: "tables-main" },
  { source: "server/tests-main.ts", name: "tests-main" },
  { source: "debug-adapter/inline.ts", name: "debug-inline" },
  { source: "debug-adapter/worker.ts", name: "debug-web" },
  { source: "client/assistants/session-tools.ts", name: "session-tools" },
  { source: "cli/mcp/main.ts", name: "mcp" },
];

/** package.json, of which programs want to know their version. */
export const ownVersion: Plugin = {
  name: "own-version",
  setup({ onLoad }) {
    onLoad({ filter: /package\.json$/ }, ({ path: file }) =>
      file === inProject("package.json")
        ? { contents: JSON.stringify({ version: manifest.version }), loader: "json" }
        : undefined,
    );
  },
};

/** How the product is built. */
export interface ProductOptions {
  readonly minify: boolean;
  /** Where to, from the project or absolute. */
  readonly folder?: string;
}

/** How programs are packed that have packages of others in them. @param core where they have the common layers from */
export function withPackages(core: Plugin): Pick<BuildOptions, "conditions" | "plugins"> {
  // Packages have files for Node and files for a browser, and each program imports those that it wants.
  return { conditions: ["browser"], plugins: [core, platformUrl, ownVersion, noSchemaLibrary] };
}

/** What the product consists of, without what knows the others' names ({@link buildProduct}). */
export function productBuilds({ minify, folder = "dist" }: ProductOptions): BuildOptions[] {
  const shared = { minify, sourcemap: !minify };
  const single = (entry: string, output: string, options: BuildOptions): BuildOptions => ({
    ...options,
    entryPoints: [entry],
    outfile: path.join(folder, output),
  });
  const everywhere = { ...nodeOptions, ...shared, ...withPackages(coreBeside) };
  const parts: BuildOptions[] = [
    // The status bar and the Test Explorer name models as soon as a script is open.
    single("client/extension.ts", "client.cjs", {
      ...nodeOptions,
      plugins: [coreBesideBut("architecture/models.ts"), partsBeside],
    }),
    { ...nodeOptions, stdin: coreEntry(), outfile: path.join(folder, coreFile) },
    single("debug-adapter/main.ts", "debug-adapter.cjs", { ...nodeOptions, plugins: [adapterBeside] }),
    single("cli/main.ts", commandLine, {
      ...nodeOptions,
      plugins: [commandsAtOnce, coreBeside, adapterBeside, serverBeside, mcpBeside, ownVersion],
      banner: { js: "#!/usr/bin/env node" },
    }),
    // The style sheet that all live views share.
    single("client/webview/live/live.css", "webview/live.css", browser),
    {
      ...browser,
      entryPoints: webviewEntries(),
      outdir: path.join(folder, "webview"),
      // What several pages are made of is there once.
      format: "esm",
      splitting: true,
      chunkNames: "parts-[hash]",
    },
  ];
  return [...parts.map((part) => ({ ...part, ...shared })), splitBundle(splitEntries, folder, everywhere)];
}

/** Builds the whole product into a folder, in place of what is there when all of it is built. */
export function buildProduct({ minify, folder = "dist" }: ProductOptions): Promise<Metafile[]> {
  const target = path.resolve(root, folder);
  return swapFolder(target, async (making) => {
    const metafiles = await buildInto(making, minify);
    // Files as they are called from now on.
    const [from, to] = [making, target].map((one) => path.relative(root, one).split(path.sep).join("/"));
    return metafiles.map(
      (metafile): Metafile => JSON.parse(JSON.stringify(metafile).replaceAll(`"${from}/`, `"${to}/`)),
    );
  });
}

async function buildInto(folder: string, minify: boolean): Promise<Metafile[]> {
  const built = await Promise.all(
    productBuilds({ minify, folder }).map(
      async (part) => (await build({ ...part, metafile: true }).catch(alreadyShown)).metafile,
    ),
  );
  chmodSync(path.join(folder, commandLine), 0o755);
  writeSamples(folder);
  const web = webClient(built, folder, minify);
  return [...built, (await build({ ...web, metafile: true }).catch(alreadyShown)).metafile];
}

/** The programs that run in a browser beside the one that its extension host loads. */
const webPrograms = ["client.cjs", "language-web.cjs", "server-web.cjs", "debug-web.cjs", "session-tools.cjs"];

/** What an extension host in a browser loads. It knows which files each program needs: nothing there loads one file for another. */
function webClient(built: readonly Metafile[], folder: string, minify: boolean): BuildOptions {
  const files: Record<string, readonly string[]> = {};
  const outputs = new Map(
    built.flatMap((one) => Object.entries(one.outputs)).map(([file, one]) => [path.basename(file), one]),
  );
  const visit = (name: string) => {
    if (files[name] !== undefined) return;
    const output = outputs.get(name);
    if (output === undefined) throw new Error(`${name} is not built.`);
    // What is loaded later, if at all, are programs of their own.
    const programs = splitEntries.map((entry) => `${entry.name}.cjs`);
    const loaded = output.imports
      .map((file) => path.posix.basename(file.path))
      .filter((file) => file.endsWith(".cjs") && !programs.includes(file));
    files[name] = [...new Set(loaded)];
    files[name].forEach(visit);
  };
  webPrograms.forEach(visit);
  return {
    ...browser,
    entryPoints: ["client/web/main.ts"],
    outfile: path.join(folder, "client-web.js"),
    format: "cjs",
    external: ["vscode"],
    define: { PACKAGE_FILES: JSON.stringify(files) },
    minify,
    sourcemap: !minify,
  };
}

/** esbuild has printed what is wrong and where; a stack of ours would add nothing. */
function alreadyShown(): never {
  throw new UserError("The build failed.");
}

/**
 * What @vscode/debugadapter imports of Node, as a browser has it: `url` is there, `events` is a package, and for files and sockets the package has
 * stand-ins of its own. Our sessions use neither, so all programs have the same.
 */
const platformUrl: Plugin = {
  name: "platform-url",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^events$/ }, () => ({ path: inProject("node_modules", "events", "events.js") }));
    onResolve({ filter: /^url$/ }, ({ path, importer }) =>
      importer.includes("debugadapter") ? { path, namespace: "platform" } : undefined,
    );
    onResolve({ filter: /^\.\/(runDebugAdapter|internalLogger)$/ }, ({ path: file, importer, resolveDir }) =>
      importer.includes("debugadapter") ? { path: path.join(resolveDir, "web", `${file}Stub.js`) } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "platform" }, () => ({ contents: "module.exports = globalThis;" }));
  },
};

/** The suites that run inside VS Code, as .cjs files. @param outdir absolute path of their folder */
export function vscodeTestBundle(outdir: string): BuildOptions {
  const suites = readdirSync(inProject("test/vscode/suite")).filter((name) => name.endsWith(".test.ts"));
  return {
    ...nodeOptions,
    entryPoints: ["test/vscode/index.ts", ...suites.map((name) => `test/vscode/suite/${name}`)],
    outdir,
    outbase: "test/vscode",
    outExtension: { ".js": ".cjs" },
    external: ["vscode", "mocha"],
  };
}

/** Every .ts file directly in client/webview that is not a declaration: one script of one webview each. */
function webviewEntries(): string[] {
  return readdirSync(inProject("client/webview"))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => `client/webview/${name}`);
}
