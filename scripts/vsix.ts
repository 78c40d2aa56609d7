import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createVSIX } from "@vscode/vsce";
import { buildProduct } from "./bundle.ts";
import { thirdPartyNotices } from "./notices.ts";
import { inProject, root, UserError } from "./project.ts";
import { zipNames } from "./zip-names.ts";

/** Upper limit of the package's size, in bytes: it must stay a tool that is fetched in a blink. */
export const sizeLimit = 1_000_000;

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
  /^extension\/media\/[\w./-]+\.(svg|png|webp|css|ttf|md)$/,
];

/** Names in a package that must not be there, among `names` of zip entries. */
export function strangers(names: readonly string[]): string[] {
  return names.filter((name) => !allowed.some((pattern) => pattern.test(name)));
}

/** What came out of {@link packVsix}. */
export interface Vsix {
  readonly file: string;
  readonly bytes: number;
  readonly names: readonly string[];
}

/** Builds the product minified and packs it. Throws when the package holds what it must not or is too large. */
export async function packVsix(file: string): Promise<Vsix> {
  const metafiles = await buildProduct({ minify: true });
  writeFileSync(inProject("dist", "third-party-notices.txt"), thirdPartyNotices(metafiles));
  mkdirSync(path.dirname(file), { recursive: true });
  await createVSIX({
    cwd: root,
    packagePath: file,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  const vsix = { file, bytes: statSync(file).size, names: zipNames(readFileSync(file)) };
  const wrong = strangers(vsix.names);
  if (wrong.length > 0) throw new UserError(`The package must not hold:\n  ${wrong.join("\n  ")}\nSee .vscodeignore.`);
  if (!vsix.names.includes("extension/dist/client.cjs"))
    throw new UserError(`${inProject("dist/client.cjs")} is missing.`);
  if (vsix.bytes >= sizeLimit) throw new UserError(`The package has ${vsix.bytes} bytes; ${sizeLimit} are too many.`);
  return vsix;
}
