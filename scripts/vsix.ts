import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createVSIX, listFiles } from "@vscode/vsce";
import { buildProduct } from "./bundle.ts";
import { beforeEnding } from "./ending.ts";
import { removeLeftovers } from "./leftovers.ts";
import { thirdPartyNotices } from "./notices.ts";
import { inProject, root, UserError } from "./project.ts";
import { recompressZip } from "./recompress-zip.ts";
import { zipNames } from "./zip-names.ts";

/** Upper limit of the package's size, in bytes: it must stay a tool that is fetched in a blink. */
export const sizeLimit = 975_000;

/** Everything that may be in the package. Sources, tests, source maps and packages have no place in it. */
const allowed = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/l10n\/bundle\.l10n\.\w+\.json$/,
  /^extension\/(package(\.nls(\.\w+)?)?\.json|readme\.md|changelog\.md|LICENSE\.txt)$/i,
  /^extension\/dist\/(third-party-notices\.txt|samples\.json)$/,
  /^extension\/dist\/(webview\/)?[\w-]+\.(cjs|js|css)$/,
  /^extension\/syntaxes\/[\w-]+\.(tmLanguage|language-configuration|schema|snippets)\.json$/,
  // Where problems of dumps lead to: what each rule means.
  /^extension\/docs\/check-and-diff\.md$/,
  /^extension\/skills\/[\w-]+\/SKILL\.md$/,
  /^extension\/media\/[\w./-]+\.(svg|png|webp|css|ttf|md)$/,
];

/** Names in a package that must not be there, among `names` of zip entries. */
export function strangers(names: readonly string[]): string[] {
  return names.filter((name) => !allowed.some((pattern) => pattern.test(name)));
}

/** The list of what is in the package. */
const contentsFile = "scripts/vsix-contents.txt";

/** What a package has beside its list (`+ name`) and lacks of it (`- name`). How many files programs share is the bundler's affair. */
function contentsDifference(names: readonly string[]): string[] {
  const there = new Set(names.map((name) => name.replace(/\b(shared|parts)-\w+(?=\.c?js$)/, "$1-N")));
  const listed = new Set(readFileSync(inProject(contentsFile), "utf8").trim().split("\n"));
  const missing = [...listed].filter((name) => !there.has(name)).map((name) => `- ${name}`);
  return [...missing, ...[...there].filter((name) => !listed.has(name)).map((name) => `+ ${name}`)];
}

/** What came out of {@link packVsix}. */
export interface Vsix {
  readonly file: string;
  readonly bytes: number;
  readonly names: readonly string[];
}

/** How many times as large a package may be that was not made as small as can be: {@link recompressZip} takes 3 to 4 % off. */
const UNPRESSED = 1.04;

/**
 * Builds the product minified and packs it, in a folder of its own: an editor that runs from dist/ and other scripts that pack
 * at the same time go on. Throws when the package holds what it must not or is too large.
 * @param isFinal makes it as small as can be, which takes ten seconds more: for a package that others get
 */
export async function packVsix(file: string, isFinal = false): Promise<Vsix> {
  removeLeftovers(inProject("out"), /^package-(\d+)$/);
  const folder = inProject("out", `package-${process.pid}`);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const forget = beforeEnding(remove);
  try {
    await stage(folder);
    const dist = path.join(folder, "dist");
    const metafiles = await buildProduct({ minify: true, folder: dist });
    writeFileSync(path.join(dist, "third-party-notices.txt"), thirdPartyNotices(metafiles));
    mkdirSync(path.dirname(file), { recursive: true });
    const options = { dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false };
    await createVSIX({ cwd: folder, packagePath: file, ...options });
  } finally {
    forget();
    remove();
  }
  if (isFinal) writeFileSync(file, await recompressZip(readFileSync(file)));
  const vsix = { file, bytes: statSync(file).size, names: zipNames(readFileSync(file)) };
  const wrong = strangers(vsix.names);
  if (wrong.length > 0) throw new UserError(`The package must not hold:\n  ${wrong.join("\n  ")}\nSee .vscodeignore.`);
  const difference = contentsDifference(vsix.names);
  if (difference.length > 0) {
    const list = difference.join("\n  ");
    throw new UserError(`The package is not what ${contentsFile} says:\n  ${list}\nIf it shall be, correct that list.`);
  }
  if (vsix.bytes >= sizeLimit * (isFinal ? 1 : UNPRESSED))
    throw new UserError(`The package has ${vsix.bytes} bytes; ${sizeLimit} are too many.`);
  return vsix;
}

/** What of package.json is about the sources and not about the extension. */
const ofSources = ["type", "scripts", "devDependencies", "dependencies", "allowScripts"];

/**
 * Copies what is packed and not built into an empty folder, with a package.json that says nothing of the sources. "type": "module" in it would be wrong there:
 * all files of the package are CommonJS, and an extension host in a browser takes the word for it and refuses the extension.
 */
async function stage(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  for (const file of await listFiles({ cwd: root })) {
    if (!file.startsWith("dist/")) cpSync(inProject(file), path.join(folder, file), { recursive: true });
  }
  const ignore = inProject(".vscodeignore");
  if (existsSync(ignore)) cpSync(ignore, path.join(folder, ".vscodeignore"));
  const whole: Record<string, unknown> = JSON.parse(readFileSync(inProject("package.json"), "utf8"));
  const packed = Object.fromEntries(Object.entries(whole).filter(([key]) => !ofSources.includes(key)));
  writeFileSync(path.join(folder, "package.json"), JSON.stringify(packed));
}
