// Writes the settings of package.json and docs/settings.md from server/settings-protocol.ts:  node scripts/generate-settings.ts
import { readFileSync, writeFileSync } from "node:fs";
import { ruleLevels, rulesById } from "../language/index.ts";
import {
  type Setting,
  type SettingName,
  settings,
  settingsSection,
  settingTexts,
} from "../server/settings-protocol.ts";
import { table } from "./markdown.ts";
import { externalise } from "./nls.ts";
import { inProject } from "./project.ts";

type Json = Readonly<Record<string, unknown>>;

const names = Object.keys(settings) as SettingName[];

/** The rules with what a user reads of each. */
const rules = [...rulesById.values()].map(({ code, title, severity }) => ({ code, title, severity }));

function schema(setting: Setting, words: Readonly<Record<string, string>> | undefined): Json {
  switch (setting.kind) {
    case "switch":
      return { type: "boolean", default: setting.default };
    case "count":
      return { type: "integer", default: setting.default, minimum: setting.least, maximum: setting.most };
    case "choice": {
      const items = {
        type: "string",
        enum: setting.words(),
        ...(words === undefined ? {} : { enumDescriptions: setting.words().map((word) => words[word]) }),
      };
      return { type: "array", items, uniqueItems: true, default: setting.words() };
    }
    case "severities": {
      const properties = rules.map(({ code, title, severity }) => {
        return [code, { enum: ruleLevels, description: `${title}. Default: ${severity}.` }] as const;
      });
      return { type: "object", default: {}, additionalProperties: false, properties: Object.fromEntries(properties) };
    }
  }
}

/** `contributes.configuration` of package.json. */
export function configuration(): Json {
  const properties = names.map((name) => {
    const { text, words } = settingTexts[name];
    const isMarkdown = /[`*]/.test(text);
    const described = { [isMarkdown ? "markdownDescription" : "description"]: text };
    return [
      `${settingsSection}.${name}`,
      { ...schema(settings[name], words), scope: settings[name].scope, ...described },
    ];
  });
  return { title: "GIC Workbench", properties: Object.fromEntries(properties) };
}

/** What a value of a setting looks like, for docs/settings.md. */
function valueText(setting: Setting): string {
  switch (setting.kind) {
    case "switch":
      return "`true` or `false`";
    case "count":
      return `a number from ${setting.least} to ${setting.most.toLocaleString("en")}`;
    case "choice":
      return "a list of words, see below";
    case "severities":
      return "an object, see below";
  }
}

function defaultText(setting: Setting): string {
  if (setting.kind === "severities") return "`{}`";
  return setting.kind === "choice" ? "all of them" : `\`${JSON.stringify(setting.default)}\``;
}

const perFolder = { resource: "each folder", window: "the window" } as const;

function choicePart(name: SettingName): string {
  const setting: Setting = settings[name];
  if (setting.kind !== "choice") return "";
  const { text, words } = settingTexts[name];
  const rows = setting.words().map((word) => [`\`${word}\``, words?.[word] ?? ""]);
  const list =
    words === undefined
      ? setting
          .words()
          .map((word) => `\`${word}\``)
          .join(", ")
      : table(["word", "what it is"], rows);
  return `\n## ${settingsSection}.${name}\n\n${text}\n\n${list}\n`;
}

/** The text of docs/settings.md. */
export function settingsPage(): string {
  const rows = names.map((name) => {
    const setting: Setting = settings[name];
    const { text } = settingTexts[name];
    return [`\`${settingsSection}.${name}\``, text, valueText(setting), defaultText(setting), perFolder[setting.scope]];
  });
  return `<!-- Written by scripts/generate-settings.ts from server/settings-protocol.ts; change that, then run it. -->

# Settings

VS Code's settings of GIC Workbench: *Preferences: Open Settings*, then \`@ext:gic-workbench.gic-workbench\`. A value that is none has
its default; a number beyond an end is that end. The language server takes the same names from other editors ([other-editors.md](other-editors.md)): those of
scripts, without the ones of dumps and of the debugger.

${table(["setting", "what it does", "value", "default", "for"], rows)}
${names.map(choicePart).join("")}
## ${settingsSection}.rules

\`\`\`json
"gicWorkbench.rules": { "L-14": "off", "L-11": "error" }
\`\`\`

The severities are ${ruleLevels.map((level) => `\`${level}\``).join(", ")}. The rules with their defaults, a page each: [rules](rules/README.md).
`;
}

/** package.json with the settings as they are declared. */
export function manifestWithSettings(text: string): string {
  const manifest = JSON.parse(text);
  manifest.contributes.configuration = configuration();
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

if (import.meta.main) {
  const file = inProject("package.json");
  writeFileSync(file, manifestWithSettings(readFileSync(file, "utf8")));
  writeFileSync(inProject("docs/settings.md"), settingsPage());
  for (const missing of externalise()) console.log(missing);
}
