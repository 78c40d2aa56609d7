// Whether what is to be released says one version everywhere:  npm run release:check -- TAG
import { readFileSync } from "node:fs";
import { inProject, main, manifest } from "./project.ts";
import { releaseProblems } from "./release.ts";

await main(async () => {
  const read = (name: string): string => readFileSync(inProject(name), "utf8");
  const locked: { readonly version: string } = JSON.parse(read("package-lock.json"));
  const problems = releaseProblems({
    tag: process.argv[2],
    version: manifest.version,
    lockedVersion: locked.version,
    changelog: read("CHANGELOG.md"),
  });
  for (const problem of problems) console.error(problem);
  if (problems.length === 0) console.log(`${manifest.version} can be released.`);
  return problems.length === 0 ? 0 : 1;
});
