import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Profile } from "./profile.ts";

/**
 * Makes a profile know a language as if a language pack were installed, one that translates nothing of the editor itself: the extension's own
 * texts are in that language, which is what is looked at.
 */
export function knowLanguage(profile: Profile, language: string): void {
  const folder = path.join(profile.folder, "language-pack");
  const translations = path.join(folder, "main.i18n.json");
  mkdirSync(folder, { recursive: true });
  writeFileSync(translations, JSON.stringify({ version: "1.0.0", contents: {} }));
  const pack = { hash: "untranslated", label: language, extensions: [], translations: { vscode: translations } };
  writeFileSync(path.join(profile.userData, "languagepacks.json"), JSON.stringify({ [language]: pack }));
}
