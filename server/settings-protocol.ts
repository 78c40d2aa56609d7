// What users set, `gicWorkbench.*`: the one declaration of it. Client and server read settings by it; scripts/generate-settings.ts writes
// package.json's `contributes.configuration` and docs/settings.md from it.
import { type KernelModelName, models } from "../architecture/models.ts";

/** The section of an editor's settings that is ours. */
export const settingsSection = "gicWorkbench";

/** Kinds of inlay hints: where an MSI goes, how an encoded value reads, a DeviceID as bus:dev.fn, what a line showed. */
export const hintKinds = ["targets", "encodings", "requesters", "results"] as const;

export type HintKind = (typeof hintKinds)[number];

/** The kernels that can be asked about a dump, the oldest first. */
const kernels = (): readonly KernelModelName[] =>
  models
    .flatMap((model): KernelModelName[] => (model.family === "kvm" && model.kind === "release" ? [model.name] : []))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));

/** `resource`: may be another in each folder. */
type Scope = "resource" | "window";

interface Switch {
  readonly kind: "switch";
  readonly default: boolean;
  readonly scope: Scope;
}

/** A whole number; one that is beyond an end is taken to be that end. */
interface Count {
  readonly kind: "count";
  readonly default: number;
  readonly least: number;
  readonly most: number;
  readonly scope: Scope;
}

/** Some of several words; all of them by default. */
interface Choice<Word extends string = string> {
  readonly kind: "choice";
  /** Asked for when they are needed: the models are no part of an extension's activation. */
  readonly words: () => readonly Word[];
  readonly scope: Scope;
}

/** A severity for each rule that is named; what rules there are is the language's matter. */
interface Severities {
  readonly kind: "severities";
  readonly scope: Scope;
}

export type Setting = Switch | Count | Choice | Severities;

const on = (scope: Scope): Switch => ({ kind: "switch", default: true, scope });
const allOf = <Word extends string>(words: () => readonly Word[], scope: Scope): Choice<Word> => {
  return { kind: "choice", words, scope };
};

export const settings = {
  "diagnostics.simulate": on("resource"),
  "debug.stopAtEnd": on("resource"),
  maxProblems: { kind: "count", default: 1000, least: 1, most: 100_000, scope: "window" },
  "hints.enabled": on("window"),
  "hints.kinds": allOf(() => hintKinds, "window"),
  "codeLens.enabled": on("window"),
  rules: { kind: "severities", scope: "window" },
  "dumps.check": on("resource"),
  "dumps.checkModels": allOf(kernels, "resource"),
  "dumps.inlayHints": on("resource"),
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof settings;

/** What a setting holds. Severities are read by the language. */
export type SettingValue<Name extends SettingName> = (typeof settings)[Name] extends Switch
  ? boolean
  : (typeof settings)[Name] extends Count
    ? number
    : (typeof settings)[Name] extends Choice<infer Word>
      ? readonly Word[]
      : unknown;

/** The value of a setting from what a file of a user has there, which may be anything: what is wrong has its default. */
export function settingValue<Name extends SettingName>(name: Name, value: unknown): SettingValue<Name> {
  return read(settings[name], value) as SettingValue<Name>;
}

function read(setting: Setting, value: unknown): unknown {
  switch (setting.kind) {
    case "switch":
      return typeof value === "boolean" ? value : setting.default;
    case "count": {
      const { least, most } = setting;
      const isCount = typeof value === "number" && value >= least;
      return isCount ? Math.min(Math.floor(value), most) : setting.default;
    }
    case "choice":
      return Array.isArray(value) ? setting.words().filter((word) => value.includes(word)) : setting.words();
    case "severities":
      return value;
  }
}

/** The same from the value of the whole section: `{ hints: { enabled: false } }`. */
export function settingOf<Name extends SettingName>(section: unknown, name: Name): SettingValue<Name> {
  return settingValue(name, name.split(".").reduce(member, section));
}

/** A member of what came from outside; undefined where there is none. */
export function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

/** What is said of a setting in the editor and in docs/settings.md; in Markdown. Programs that only read settings leave it out. */
interface SettingText {
  readonly text: string;
  /** Of each word of a choice. */
  readonly words?: Readonly<Record<string, string>>;
}

export const settingTexts: Readonly<Record<SettingName, SettingText>> = {
  "diagnostics.simulate": {
    text: "Run command scripts on the emulator while they are edited, and underline the commands that fail. Off: only mistakes in the language are underlined; devices, events and collections have no definitions, completion or outline then.",
  },
  "debug.stopAtEnd": {
    text: "When nothing has stopped a script before its end, the debugger stops there once, says what the script has done and what is pending, and ends with the next Continue.",
  },
  maxProblems: { text: "Most problems that are shown of one script, or of the tables of one dump." },
  "hints.enabled": { text: "Show hints in command scripts. One switch for all kinds of them." },
  "hints.kinds": {
    text: "Kinds of hints that are shown in command scripts.",
    words: {
      targets: "The LPI and PE that an MSI or a command of an event goes to",
      encodings: "What an encoded value stands for, such as the events of Size=4",
      requesters: "The PCI function that a DeviceID is the requester id of",
      results: "What a read has shown",
    } satisfies Readonly<Record<HintKind, string>>,
  },
  "codeLens.enabled": {
    text: "Show *Run*, *Debug* and *Compare models* over command scripts, and *Run Test*, *Debug Test* and *Run on Another Model* over their tests.",
  },
  rules: {
    text: 'Severities of the rules for command scripts: `"L-14": "off"`. Rules that are not named have their default. `# allow L-14` in a comment allows one for a single statement.',
  },
  "dumps.check": {
    text: "Check the tables of open dumps as `gicwb check` does, and show in Problems what is wrong with them.",
  },
  "dumps.checkModels": {
    text: "Kernels that are asked what RESTORE_TABLES would answer to the tables of an open dump. None: the tables are checked by the rules alone.",
  },
  "dumps.inlayHints": { text: "Show behind each line of a dump which entries it holds." },
};
