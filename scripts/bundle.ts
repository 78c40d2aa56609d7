import { chmodSync, existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";
import { coreBeside, coreEntry, coreFile } from "./core-beside.ts";
import { inProject, manifest, root, UserError } from "./project.ts";
import { protocolBeside, protocolEntry, protocolFile } from "./protocol-beside.ts";
import { writeSamples } from "./samples.ts";

/** One file of the product and the source it is made from. */
export interface Bundle {
  readonly output: string;
  readonly options: BuildOptions;
}

/** Of package.json programs want their name and version: its contributions are VS Code's, and as large as a program. */
const manifestHead: Plugin = {
  name: "manifest-head",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]package\.json$/ }, ({ path: file }) => {
      if (file !== inProject("package.json")) return undefined;
      const { name, version } = manifest;
      return { contents: JSON.stringify({ name, version }), loader: "json" };
    });
  },
};

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  metafile: true,
  sourcemap: true,
  legalComments: "none",
  logLevel: "warning",
  plugins: [manifestHead],
};

// VS Code 1.100 runs extensions on Node 20, and the command line must run where only Node 20 is.
const node: BuildOptions = { ...common, platform: "node", format: "cjs", target: "node20", external: ["vscode"] };

/** What is packed without the layers that lie in a file of their own beside it. */
const ofProcess: BuildOptions = { ...node, plugins: [manifestHead, coreBeside] };

/** The adapter as a process loads the one that VS Code loads, which lies beside it. */
const adapterBeside: Plugin = {
  name: "adapter-beside",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\/inline\.ts$/ }, () => ({ path: "./debug-inline.cjs", external: true }));
  },
};

/** The language server as the command line loads it: it lies beside, as VS Code starts it. */
const serverBeside: Plugin = {
  name: "server-beside",
  setup({ onResolve }) {
    onResolve({ filter: /server\/main\.ts$/, namespace: "file" }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./server.cjs", external: true } : undefined,
    );
  },
};

/** The `bin` of package.json. */
const commandLine = "dist/gicwb.cjs";

const browser: BuildOptions = { ...common, platform: "browser", format: "iife", target: "es2022" };

/** What the product consists of. A part whose entry file is not there is not built. */
export function productBundles(options: { readonly minify: boolean }): Bundle[] {
  const parts: Bundle[] = [
    bundle("client/extension.ts", "dist/client.cjs", { ...node, plugins: [manifestHead, protocolBeside] }),
    { output: protocolFile, options: { ...node, stdin: protocolEntry(), outfile: protocolFile } },
    { output: coreFile, options: { ...node, stdin: coreEntry(), outfile: coreFile } },
    bundle("server/main.ts", "dist/server.cjs", { ...node, plugins: [manifestHead, coreBeside, protocolBeside] }),
    bundle("server/tables-main.ts", "dist/tables-main.cjs", ofProcess),
    bundle("debug-adapter/main.ts", "dist/debug-adapter.cjs", { ...node, plugins: [manifestHead, adapterBeside] }),
    bundle("debug-adapter/inline.ts", "dist/debug-inline.cjs", ofProcess),
    bundle("cli/main.ts", commandLine, {
      ...ofProcess,
      plugins: [manifestHead, coreBeside, adapterBeside, serverBeside],
      banner: { js: "#!/usr/bin/env node" },
    }),
    // The style sheet that all live views share.
    bundle("client/webview/live/live.css", "dist/webview/live.css", browser),
    ...webviewEntries().map((entry) => bundle(entry, `dist/webview/${path.basename(entry, ".ts")}.js`, browser)),
  ];
  return parts
    .filter(({ options: { entryPoints, stdin } }) => entryPoints !== undefined || stdin !== undefined)
    .map((part) => ({ ...part, options: { ...part.options, minify: options.minify, sourcemap: !options.minify } }));
}

/** Builds the whole product into an empty `dist/`. */
export async function buildProduct(options: { readonly minify: boolean }): Promise<Metafile[]> {
  rmSync(inProject("dist"), { recursive: true, force: true });
  const built = await Promise.all(
    productBundles(options).map(async ({ output, options }) => {
      const { metafile } = await build({ ...options, metafile: true }).catch(alreadyShown);
      if (output === commandLine) chmodSync(inProject(output), 0o755);
      return metafile;
    }),
  );
  writeSamples();
  return built;
}

/** esbuild has printed what is wrong and where; a stack of ours would add nothing. */
function alreadyShown(): never {
  throw new UserError("The build failed.");
}

/** `url` of Node, of which @vscode/debugadapter uses what every platform has. */
const platformUrl: Plugin = {
  name: "platform-url",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^url$/ }, ({ path }) => ({ path, namespace: "platform" }));
    onLoad({ filter: /.*/, namespace: "platform" }, () => ({ contents: "module.exports = globalThis;" }));
  },
};

/** The debug adapter for a web worker: `createDebugAdapter` of a global `gicDebugAdapter`. It is in no package yet that has a worker to load it. */
export function webAdapterBundle(): BuildOptions {
  return { ...browser, entryPoints: ["debug-adapter/web.ts"], globalName: "gicDebugAdapter", plugins: [platformUrl] };
}

/** The suites that run inside VS Code, as `out/test-vscode/*.cjs`. */
export function vscodeTestBundle(): BuildOptions {
  const suites = readdirSync(inProject("test/vscode/suite")).filter((name) => name.endsWith(".test.ts"));
  return {
    ...node,
    entryPoints: ["test/vscode/index.ts", ...suites.map((name) => `test/vscode/suite/${name}`)],
    outdir: "out/test-vscode",
    outbase: "test/vscode",
    outExtension: { ".js": ".cjs" },
    external: ["vscode", "mocha"],
  };
}

function bundle(entry: string, output: string, options: BuildOptions): Bundle {
  const present = existsSync(inProject(entry));
  return { output, options: { ...options, entryPoints: present ? [entry] : undefined, outfile: output } };
}

/** Every .ts file directly in client/webview that is not a declaration: one script of one webview each. */
function webviewEntries(): string[] {
  const folder = inProject("client/webview");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => `client/webview/${name}`);
}
