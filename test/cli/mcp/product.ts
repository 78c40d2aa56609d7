import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildProduct } from "../../../scripts/bundle.ts";
import { root } from "../../../scripts/project.ts";

/** The command line as it is shipped, in a folder of its own. */
export interface Product {
  /** The `bin`. */
  readonly main: string;
  /** Bundles by name, with the files that each was made of. */
  readonly inputs: ReadonlyMap<string, readonly string[]>;
  /** Modules of Node, and bundles, that each loads. */
  readonly loads: ReadonlyMap<string, readonly string[]>;
  dispose(): void;
}

/** Builds it. */
export async function buildCommandLine(): Promise<Product> {
  const folder = mkdtempSync(path.join(tmpdir(), "gicwb mcp ü "));
  const inputs = new Map<string, readonly string[]>();
  const loads = new Map<string, readonly string[]>();
  for (const { outputs } of await buildProduct({ minify: true, folder })) {
    for (const [output, made] of Object.entries(outputs)) {
      const name = path.basename(output);
      const used = Object.entries(made.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
      loads.set(
        name,
        made.imports.map(({ path: loaded }) => loaded),
      );
      inputs.set(
        name,
        used.map(([input]) => input),
      );
    }
  }
  const dispose = (): void => rmSync(folder, { recursive: true, force: true });
  return { main: path.join(folder, "gicwb.cjs"), inputs, loads, dispose };
}

/** The project's folder: its examples are what the tools are tried on. */
export const project = root;
