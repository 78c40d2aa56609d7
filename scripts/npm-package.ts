import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { thirdPartyNotices } from "./notices.ts";
import { buildCommandLine, libraryEntries } from "./npm-bundle.ts";
import { copyTypes } from "./npm-types.ts";
import { npmCommand, runQuietly } from "./process.ts";
import { inProject, root, UserError } from "./project.ts";

/** The name on the registry, as that of its command. */
export const npmName = "gicwb";

/** Upper limit of the packed tarball's size, in bytes. */
export const npmSizeLimit = 900_000;

/** Everything that may be in the package. */
const allowed = [
  /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|third-party-notices\.txt)$/,
  /^dist\/[\w-]+\.cjs$/,
  /^types\/(library|architecture|emulator|language|dumps|runner)\/[\w/-]+\.d\.ts$/,
];

/** What came out of {@link packNpm}. */
export interface NpmPackage {
  /** The tarball, absolute. */
  readonly file: string;
  readonly bytes: number;
  /** What is in it. */
  readonly names: readonly string[];
}

/**
 * Makes the npm package of command line and library: `gicwb-VERSION.tgz`. Nothing of it runs when it is installed, and it needs no other
 * package. Fails when it holds what it must not, or is too large.
 * @param folder where to put the tarball, absolute
 */
export async function packNpm(folder: string): Promise<NpmPackage> {
  const stage = mkdtempSync(path.join(tmpdir(), "gicwb-npm-"));
  try {
    return { ...(await fill(stage)), ...(await pack(stage, folder)) };
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** Puts into an empty folder what is in the package. */
async function fill(stage: string): Promise<Pick<NpmPackage, "names">> {
  const types = await runQuietly(
    process.execPath,
    [inProject("node_modules", "typescript", "bin", "tsc"), "-b", "library"],
    {
      cwd: root,
    },
  );
  if (types.code !== 0) throw new UserError(`The library's types cannot be made:\n${types.output}`);
  const metafiles = await buildCommandLine(path.join(stage, "dist"));
  copyTypes(path.join(stage, "types"));
  writeFileSync(path.join(stage, "third-party-notices.txt"), thirdPartyNotices(metafiles));
  for (const file of ["LICENSE", "CHANGELOG.md"]) cpSync(inProject(file), path.join(stage, file));
  writeFileSync(path.join(stage, "README.md"), readme());
  writeFileSync(path.join(stage, "package.json"), `${JSON.stringify(npmManifest(), undefined, 2)}\n`);
  const names = readdirSync(stage, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(stage, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .sort();
  const wrong = names.filter((name) => !allowed.some((pattern) => pattern.test(name)));
  if (wrong.length > 0) throw new UserError(`The npm package must not hold:\n  ${wrong.join("\n  ")}`);
  return { names };
}

async function pack(stage: string, folder: string): Promise<Pick<NpmPackage, "file" | "bytes">> {
  const { file, args } = npmCommand();
  const words = ["pack", stage, "--json", "--ignore-scripts", "--pack-destination", folder];
  const { code, output } = await runQuietly(file, [...args, ...words], { cwd: root });
  if (code !== 0) throw new UserError(`npm pack has failed:\n${output}`);
  const [{ filename, size }] = JSON.parse(output.slice(output.indexOf("["))) as [{ filename: string; size: number }];
  if (size >= npmSizeLimit) throw new UserError(`The npm package has ${size} bytes; ${npmSizeLimit} are too many.`);
  return { file: path.join(folder, filename), bytes: size };
}

/** What of the extension's package.json the npm package has, too. The owner's fields come along as soon as they are there. */
const kept = ["version", "license", "author", "repository", "bugs", "homepage", "keywords", "engines"] as const;

/** package.json of the npm package. It has no scripts and no dependencies. */
export function npmManifest(): Readonly<Record<string, unknown>> {
  const whole: Record<string, unknown> = JSON.parse(readFileSync(inProject("package.json"), "utf8"));
  const taken = Object.fromEntries(kept.filter((key) => key in whole).map((key) => [key, whole[key]]));
  const { node } = whole.engines as { readonly node: string };
  const entries = libraryEntries.map((name) => [
    `./${name}`,
    { types: `./types/library/${name}.d.ts`, default: `./dist/${name}.cjs` },
  ]);
  return {
    name: npmName,
    description: "Write, run and decode Arm GIC and ITS commands and tables: command line and library",
    ...taken,
    engines: { node },
    bin: { gicwb: "dist/gicwb.cjs" },
    exports: { ...Object.fromEntries(entries), "./package.json": "./package.json" },
    files: ["dist", "types", "third-party-notices.txt", "CHANGELOG.md"],
  };
}

/** The page that npm shows: that of the library. What it links to is in the repository. */
function readme(): string {
  const page = readFileSync(inProject("docs", "library.md"), "utf8");
  return page.replaceAll(/\[([^\]]+)\]\((?!https?:|#)[^)]+\)/g, "$1");
}
