import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Metafile } from "esbuild";
import { inProject } from "./project.ts";

/** Name, version and licence text of every package that is in a bundle: what their licences ask to be passed on. */
export function thirdPartyNotices(metafiles: readonly Metafile[]): string {
  return bundledPackages(metafiles).map(notice).join("\n\n");
}

/** Folders of the packages that are in a bundle, from the project, in the order of their names. */
export function bundledPackages(metafiles: readonly Metafile[]): string[] {
  const folders = new Set<string>();
  for (const { outputs } of metafiles) {
    for (const { inputs } of Object.values(outputs)) {
      for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
        const folder = packageFolder(input);
        if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
      }
    }
  }
  return [...folders].sort();
}

/** `node_modules/a/node_modules/@b/c/lib/x.js` → `node_modules/a/node_modules/@b/c`; undefined for a source of ours. */
export function packageFolder(input: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

function notice(folder: string): string {
  const place = inProject(folder);
  const { name, version, license } = JSON.parse(readFileSync(path.join(place, "package.json"), "utf8"));
  const file = existsSync(place) && readdirSync(place).find((entry) => /^(licen[cs]e|copying)(\.\w+)?$/i.test(entry));
  const text = file ? readFileSync(path.join(place, file), "utf8").trim() : `Licence: ${license}`;
  return `${name} ${version}\n${"=".repeat(60)}\n${text}\n`;
}
