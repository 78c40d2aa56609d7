import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { libraryEntries } from "./npm-bundle.ts";
import { inProject } from "./project.ts";

/** Specifiers of other files in a declaration file. */
const others = /((?:from|import\()\s*")(\.{1,2}\/[^"]+)\.ts"/g;

/**
 * Copies the declarations of the library, and those that they mention, below `folder`. They were made by `tsc -b library`.
 * @returns how many files there are
 */
export function copyTypes(folder: string): number {
  const copied = new Set<string>();
  const copy = (module: string): void => {
    if (copied.has(module)) return;
    copied.add(module);
    const [layer] = module.split("/");
    const source = readFileSync(inProject("out", "types", layer, `${module}.d.ts`), "utf8");
    const target = path.join(folder, `${module}.d.ts`);
    mkdirSync(path.dirname(target), { recursive: true });
    const text = source.replace(others, (_, before: string, specifier: string) => {
      copy(path.posix.join(path.posix.dirname(module), specifier));
      return `${before}${specifier}.js"`;
    });
    writeFileSync(target, text);
  };
  for (const name of libraryEntries) copy(`library/${name}`);
  return copied.size;
}
