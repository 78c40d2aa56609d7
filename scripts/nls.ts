// Moves the texts of package.json to package.nls.json, a key for each:  node scripts/nls.ts
// Run it again after a text was added or came by a merge. What package.nls.de.json lacks then is printed.
import { readFileSync, writeFileSync } from "node:fs";
import { asJson, languages, readTexts } from "./l10n.ts";
import { inProject } from "./project.ts";

export const nlsFile = "package.nls.json";
export const nlsOf = (language: string): string => `package.nls.${language}.json`;

/** Members whose value people read, where they stand below `contributes` or `capabilities`. */
const told = new Set([
  "title",
  "label",
  "name",
  "displayName",
  "userDescription",
  "description",
  "markdownDescription",
  "enumDescriptions",
  "contents",
  "altText",
]);
/** Of these, what is no text: the shapes of a launch configuration have a property `name`, say. */
const notTold = new Set(["body", "initialConfigurations", "defaults", "icon", "inputSchema"]);
/** Names that are the same in every language. */
const properNames = new Set(["GIC", "GIC Workbench"]);
/** What an object is known by, the first of these that it has. */
const ids = ["command", "view", "viewType", "id", "toolReferenceName", "type", "language"];

const isKey = (text: string): boolean => /^%[\w.-]+%$/.test(text);

/** Called with each text of a manifest; what it answers takes its place. */
type Visit = (text: string, key: string) => string;

function visitTexts(value: unknown, path: readonly string[], visit: Visit): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => visitTexts(item, [...path, idOf(item) ?? String(index)], visit));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      // What has a label beside its name is known by the name, and shown by the label.
      const isIdentity = name === "name" && ("displayName" in value || "label" in value);
      if (notTold.has(name) || isIdentity) return [name, member];
      const place = [...path, name];
      if (!told.has(name)) return [name, visitTexts(member, place, visit)];
      if (typeof member === "string") return [name, properNames.has(member) ? member : visit(member, keyOf(place))];
      if (!Array.isArray(member)) return [name, visitTexts(member, place, visit)];
      const words = member.map((text: unknown, index) =>
        typeof text === "string" ? visit(text, keyOf([...place, String(index)])) : text,
      );
      return [name, words];
    }),
  );
}

function idOf(item: unknown): string | undefined {
  if (typeof item !== "object" || item === null) return undefined;
  const id = ids.map((name) => (item as Record<string, unknown>)[name]).find((value) => typeof value === "string");
  return id as string | undefined;
}

/** A key of the place of a text: `commands.newScript.title`. */
function keyOf(path: readonly string[]): string {
  return path.map((part) => part.replace(/^gicWorkbench\./, "")).join(".");
}

type Manifest = Readonly<Record<string, unknown>>;

/** Every text of a manifest with what `visit` answers in its place: its description, and what it contributes. */
function withTexts(manifest: Manifest, visit: Visit): Manifest {
  const { description, contributes, capabilities } = manifest;
  return {
    ...manifest,
    description: visit(String(description), "description"),
    capabilities: visitTexts(capabilities, ["capabilities"], visit),
    contributes: visitTexts(contributes, [], visit),
  };
}

/** A manifest whose texts are keys, and the texts by key. @param known texts of the keys that it has already */
export function externalised(
  manifest: Manifest,
  known: Readonly<Record<string, string>>,
): { readonly manifest: Manifest; readonly texts: Readonly<Record<string, string>> } {
  const texts: Record<string, string> = {};
  const result = withTexts(manifest, (text, key) => {
    const own = isKey(text) ? known[text.slice(1, -1)] : text;
    if (own === undefined) throw new Error(`${nlsFile} has no ${text}`);
    let free = key;
    for (let number = 2; texts[free] !== undefined && texts[free] !== own; number++) free = `${key}.${number}`;
    texts[free] = own;
    return `%${free}%`;
  });
  return { manifest: result, texts };
}

/** A manifest with the texts that its keys stand for, as VS Code shows it. */
export function resolved<Kind extends object>(manifest: Kind, texts: Readonly<Record<string, string>>): Kind {
  return withTexts(manifest as Manifest, (text) => (isKey(text) ? (texts[text.slice(1, -1)] ?? text) : text)) as Kind;
}

/** Texts of a manifest that are not keys yet, with the key that each would have. */
export function notExternalised(manifest: Manifest): readonly string[] {
  const found: string[] = [];
  withTexts(manifest, (text, key) => {
    if (!isKey(text)) found.push(`${key}: ${text}`);
    return text;
  });
  return found;
}

/** Brings package.json, package.nls.json and the translations into one state. @returns what is not translated yet */
export function externalise(): readonly string[] {
  const file = inProject("package.json");
  const { manifest, texts } = externalised(JSON.parse(readFileSync(file, "utf8")), readTexts(nlsFile));
  writeFileSync(file, asJson(manifest));
  writeFileSync(inProject(nlsFile), asJson(texts));
  return languages.flatMap((language) => {
    const translated = readTexts(nlsOf(language));
    const known = Object.keys(texts).filter((key) => translated[key] !== undefined);
    writeFileSync(inProject(nlsOf(language)), asJson(Object.fromEntries(known.map((key) => [key, translated[key]]))));
    return Object.entries(texts)
      .filter(([key]) => translated[key] === undefined)
      .map(([key, text]) => `${language}: ${JSON.stringify(key)}: ${JSON.stringify(text)}`);
  });
}

if (import.meta.main) for (const missing of externalise()) console.log(missing);
