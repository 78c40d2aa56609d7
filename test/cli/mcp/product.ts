import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Metafile } from "esbuild";
import { buildProduct } from "../../../scripts/bundle.ts";
import { root } from "../../../scripts/project.ts";

/** The command line as it is shipped, in a folder of its own. */
export interface Product {
  /** The `bin`. */
  readonly main: string;
  /** Files that a program of the product is made of, with those that it shares with others. @param name of its bundle */
  inputs(name: string): readonly string[];
  /** Modules of Node, and programs, that it loads. */
  loads(name: string): readonly string[];
  dispose(): void;
}

/** Builds it. */
export async function buildCommandLine(): Promise<Product> {
  const folder = mkdtempSync(path.join(tmpdir(), "gicwb mcp ü "));
  const outputs = new Map<string, Metafile["outputs"][string]>();
  for (const metafile of await buildProduct({ minify: true, folder }))
    for (const [file, output] of Object.entries(metafile.outputs)) outputs.set(path.basename(file), output);
  /** A bundle and the chunks that it loads, and those load. */
  const chunks = (name: string): readonly Metafile["outputs"][string][] => {
    const names = new Set([name]);
    for (const one of names)
      for (const { path: loaded } of outputs.get(one)?.imports ?? [])
        if (/shared-\d+\.cjs$/.test(loaded)) names.add(path.basename(loaded));
    return [...names].flatMap((one) => outputs.get(one) ?? []);
  };
  const inputs = (name: string): readonly string[] =>
    chunks(name).flatMap((one) =>
      Object.entries(one.inputs).flatMap(([input, { bytesInOutput }]) => (bytesInOutput > 0 ? [input] : [])),
    );
  const loads = (name: string): readonly string[] =>
    chunks(name).flatMap((one) => one.imports.map(({ path: loaded }) => loaded));
  const dispose = (): void => rmSync(folder, { recursive: true, force: true });
  return { main: path.join(folder, "gicwb.cjs"), inputs, loads, dispose };
}

/** The project's folder: its examples are what the tools are tried on. */
export const project = root;
