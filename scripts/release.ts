/** What a release says of its version, and where. */
export interface Release {
  /** `v0.2.0`; undefined: none is given. */
  readonly tag: string | undefined;
  /** Of package.json. */
  readonly version: string;
  /** Of package-lock.json. */
  readonly lockedVersion: string;
  readonly changelog: string;
}

/** What keeps it from being released, a sentence each. */
export function releaseProblems({ tag, version, lockedVersion, changelog }: Release): string[] {
  const problems: string[] = [];
  if (tag === undefined) problems.push(`Say which tag: npm run release:check -- v${version}`);
  else if (tag !== `v${version}`)
    problems.push(`The tag is ${tag}, and package.json has version ${version}: the tag is v${version}.`);
  if (lockedVersion !== version)
    problems.push(
      `package-lock.json has version ${lockedVersion}, package.json ${version}: npm install --package-lock-only.`,
    );
  const [, first, said] = /^## (.+)\n+(.*)$/m.exec(changelog) ?? [];
  if (first !== version) problems.push(`CHANGELOG.md begins with "${first}", not with ${version}.`);
  else if (!/^Released on \d{4}-\d{2}-\d{2}\.$/.test(said ?? ""))
    problems.push(`CHANGELOG.md says "${said}" below ${version}: write "Released on YYYY-MM-DD." there.`);
  return problems;
}
