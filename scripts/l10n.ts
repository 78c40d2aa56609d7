// Writes l10n/bundle.l10n.json, the texts of the client, and brings the translations' keys into its order:  node scripts/l10n.ts
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { inProject, root } from "./project.ts";

/** A call of `t` with a literal: its key, in any of the quotes that the formatter leaves. */
const call = /(?<![\w.])t\(\s*(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|(?=[^\s"')]))/g;

/** The keys of all calls of `t` in a source, in their order. @throws Error with the place of a call whose key is no literal */
export function keysIn(source: string, file: string): string[] {
  const keys: string[] = [];
  for (const match of source.matchAll(call)) {
    const literal = match[1] ?? match[2];
    if (literal === undefined) {
      const line = source.slice(0, match.index).split("\n").length;
      throw new Error(`${file}:${line}: the key of t(…) is no literal`);
    }
    keys.push(JSON.parse(`"${match[1] ?? literal.replaceAll("\\'", "'").replaceAll('"', '\\"')}"`));
  }
  return keys;
}

/** Every text that the client shows, sorted. */
export function clientKeys(): string[] {
  const files = globSync("client/**/*.ts", { cwd: root }).sort();
  const all = files.flatMap((file) => keysIn(withoutDeclaration(readFileSync(inProject(file), "utf8")), file));
  return [...new Set(all)].sort((a, b) => (a < b ? -1 : 1));
}

/** The function itself is no call of it. */
function withoutDeclaration(source: string): string {
  return source.replace("export function t(message: string", "export function translated(message: string");
}

/** Places that a text is filled in at: `{0}`, `{1}`, sorted. */
export function placesOf(text: string): string[] {
  return [...text.matchAll(/\{\d+\}/g)].map(([place]) => place).sort();
}

export const bundleFile = "l10n/bundle.l10n.json";
/** The languages that there are beside English. */
export const languages = ["de"] as const;

export const bundleOf = (language: string): string => `l10n/bundle.l10n.${language}.json`;

export function asJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** @returns what is in a file of texts; nothing where it is not there yet */
export function readTexts(file: string): Readonly<Record<string, string>> {
  return existsSync(inProject(file)) ? JSON.parse(readFileSync(inProject(file), "utf8")) : {};
}

if (import.meta.main) {
  const keys = clientKeys();
  writeFileSync(inProject(bundleFile), asJson(Object.fromEntries(keys.map((key) => [key, key]))));
  for (const language of languages) {
    const texts = readTexts(bundleOf(language));
    const known = keys.filter((key) => texts[key] !== undefined);
    writeFileSync(inProject(bundleOf(language)), asJson(Object.fromEntries(known.map((key) => [key, texts[key]]))));
    for (const key of keys) if (texts[key] === undefined) console.log(`${language}: ${JSON.stringify(key)}`);
  }
}
