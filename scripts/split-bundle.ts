import { writeFileSync } from "node:fs";
import path from "node:path";
import { type BuildOptions, type Metafile, type OutputFile, type Plugin, transform } from "esbuild";

/** A file of the product that is made from one source and what that imports. */
export interface Entry {
  /** Path of its source. */
  readonly source: string;
  /** Its name in dist/, without the ending. */
  readonly name: string;
  /** First line of the file. */
  readonly banner?: string;
}

/** Node, and the scripts that a browser's worker is given, know no file beside them but by this ending. */
const ending = ".cjs";

/**
 * Options for esbuild that pack several programs into one folder, so that what two of them have in common is there once: in a file
 * `shared-N.cjs` that both load. esbuild splits modules of the standard's form alone, and extensions are loaded by `require`: what it writes is
 * translated once more.
 * @param outdir folder, from the project or absolute
 */
export function splitBundle(entries: readonly Entry[], outdir: string, common: BuildOptions): BuildOptions {
  const { minify = false, sourcemap } = common;
  return {
    ...common,
    entryPoints: Object.fromEntries(entries.map(({ name, source }) => [name, source])),
    outdir,
    format: "esm",
    splitting: true,
    chunkNames: "chunk-[hash]",
    write: false,
    sourcemap: sourcemap === true ? "inline" : sourcemap,
    plugins: [...(common.plugins ?? []), translated(entries, minify)],
  };
}

function translated(entries: readonly Entry[], minify: boolean): Plugin {
  return {
    name: "translated",
    setup({ onEnd }) {
      onEnd(async ({ metafile, outputFiles }) => {
        if (metafile === undefined || outputFiles === undefined) return;
        const names = finalNames(entries, metafile);
        const banners = new Map(entries.map(({ name, banner }) => [`${name}${ending}`, banner]));
        await Promise.all(outputFiles.map((file) => translate(file, names, banners, minify)));
        rename(metafile, names);
      });
    },
  };
}

/** Names of files by those that esbuild gave them. Chunks are counted in the order of who loads them, so that a name says the same tomorrow. */
function finalNames(entries: readonly Entry[], { outputs }: Metafile): ReadonlyMap<string, string> {
  const own = new Set(entries.map(({ name }) => `${name}.js`));
  const chunks: string[] = [];
  const visit = (file: string) => {
    const name = path.posix.basename(file);
    if (chunks.includes(name)) return;
    if (!own.has(name)) chunks.push(name);
    for (const { path: imported, external } of outputs[file]?.imports ?? []) {
      if (external !== true && imported !== file && !own.has(path.posix.basename(imported))) visit(imported);
    }
  };
  for (const { name } of entries) {
    const file = Object.keys(outputs).find((output) => path.posix.basename(output) === `${name}.js`);
    if (file !== undefined) visit(file);
  }
  const named = [...own].map((name) => [name, name.replace(/\.js$/, ending)] as const);
  return new Map([...named, ...chunks.map((name, index) => [name, `shared-${index + 1}${ending}`] as const)]);
}

async function translate(
  file: OutputFile,
  names: ReadonlyMap<string, string>,
  banners: ReadonlyMap<string, string | undefined>,
  minify: boolean,
): Promise<void> {
  const name = names.get(path.basename(file.path));
  if (name === undefined) throw new Error(`${file.path} is imported by nothing`);
  const source = file.text.replaceAll(/"\.\/([\w-]+\.js)"/g, (text, other) =>
    names.has(other) ? `"./${names.get(other)}"` : text,
  );
  const { code, map } = await transform(source, {
    format: "cjs",
    platform: "node",
    target: "node20",
    supported: { "dynamic-import": false },
    minify,
    legalComments: "none",
    banner: banners.get(name),
    sourcefile: name,
    sourcemap: minify ? false : "external",
    loader: "js",
  });
  const target = path.join(path.dirname(file.path), name);
  writeFileSync(target, minify ? code : `${code}//# sourceMappingURL=${name}.map\n`);
  if (!minify) writeFileSync(`${target}.map`, map);
}

/** The metafile as if esbuild had written what is there now. */
function rename(metafile: Metafile, names: ReadonlyMap<string, string>): void {
  const renamed = (file: string) =>
    path.posix.join(path.posix.dirname(file), names.get(path.posix.basename(file)) ?? path.posix.basename(file));
  for (const [file, output] of Object.entries(metafile.outputs)) {
    delete metafile.outputs[file];
    for (const imported of output.imports) if (imported.external !== true) imported.path = renamed(imported.path);
    metafile.outputs[renamed(file)] = output;
  }
}
