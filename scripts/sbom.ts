// Lists what is in the packages and what they are made with, as CycloneDX and SPDX, in out/sbom:  npm run sbom
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { npmCommand, runQuietly } from "./process.ts";
import { inProject, main, root, UserError } from "./project.ts";
import { type CycloneDx, withoutHosts } from "./sbom-text.ts";

const lists: readonly (readonly [name: string, ...args: string[]])[] = [
  // What is bundled into the extension and the npm package: the dependencies that are not for development alone.
  ["packages.cdx.json", "--sbom-format", "cyclonedx", "--omit", "dev"],
  ["packages.spdx.json", "--sbom-format", "spdx", "--omit", "dev"],
  ["development.cdx.json", "--sbom-format", "cyclonedx"],
];

await main(async () => {
  const folder = inProject("out", "sbom");
  mkdirSync(folder, { recursive: true });
  const { file, args } = npmCommand();
  for (const [name, ...options] of lists) {
    // By the lockfile, not by what happens to be installed.
    const { code, output } = await runQuietly(file, [...args, "sbom", "--package-lock-only", ...options], {
      cwd: root,
    });
    if (code !== 0) throw new UserError(`npm sbom has failed; npm 9.5 or later has it:\n${output}`);
    const list = withoutHosts(output.slice(output.indexOf("{")));
    writeFileSync(path.join(folder, name), list);
    const { components, packages } = JSON.parse(list) as CycloneDx;
    console.log(`out/sbom/${name}: ${(components ?? packages ?? []).length} packages`);
  }
  return 0;
});
