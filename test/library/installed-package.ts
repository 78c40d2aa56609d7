import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type NpmPackage, packNpm } from "../../scripts/npm-package.ts";
import { npmCommand, runQuietly } from "../../scripts/process.ts";

/** The npm package as a stranger has it: packed, and installed into an empty folder without a network. */
export interface Installed {
  readonly folder: string;
  readonly packed: NpmPackage;
  remove(): void;
}

export async function installPackage(): Promise<Installed> {
  const folder = mkdtempSync(path.join(tmpdir(), "gicwb library "));
  const packed = await packNpm(folder);
  writeFileSync(path.join(folder, "package.json"), '{ "name": "stranger", "private": true }\n');
  const { file, args } = npmCommand();
  // Whatever the settings of who runs the test say: a stranger's npm runs the scripts of what it installs.
  const words = ["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts=false", "--install-links=true"];
  const { code, output } = await runQuietly(file, [...args, ...words, packed.file], { cwd: folder });
  if (code !== 0) throw new Error(output);
  return { folder, packed, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
