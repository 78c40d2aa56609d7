import { defaultRuleSettings, type RuleSettings, readRuleSettings } from "../language/index.ts";
import { type HintKind, hintKinds, member, settingOf, settings } from "./settings-protocol.ts";

export { type HintKind, hintKinds, settingsSection } from "./settings-protocol.ts";

/** What users set for scripts, as the server uses it; settings-protocol.ts declares all that can be set. */
export interface Settings {
  /** `diagnostics.simulate`: run scripts on the emulator while they are edited. */
  readonly simulate: boolean;
  /** `maxProblems`: problems that are shown of one script. */
  readonly maxProblems: number;
  /** `hints.enabled` and `hints.kinds`: kinds of inlay hints that are shown. */
  readonly hints: ReadonlySet<HintKind>;
  /** `codeLens.enabled`: Run, Debug and Compare over scripts. */
  readonly lenses: boolean;
  /** `rules`: severities of rules. */
  readonly rules: RuleSettings;
}

export const defaultSettings: Settings = {
  simulate: settings["diagnostics.simulate"].default,
  maxProblems: settings.maxProblems.default,
  hints: new Set(hintKinds),
  lenses: settings["codeLens.enabled"].default,
  rules: defaultRuleSettings,
};

/** Settings from the value of the section, which comes from outside and may be anything: what is missing or wrong has its default. */
export function readSettings(section: unknown): Settings {
  return {
    simulate: settingOf(section, "diagnostics.simulate"),
    maxProblems: settingOf(section, "maxProblems"),
    hints: new Set(settingOf(section, "hints.enabled") ? settingOf(section, "hints.kinds") : []),
    lenses: settingOf(section, "codeLens.enabled"),
    rules: readRuleSettings(settingOf(section, "rules")).settings,
  };
}

/** What a client may send with `initialize`. */
export interface InitializationOptions {
  /** URI of docs/language.md, for links from problems to their description. */
  readonly documentation?: string;
  /** `push`: problems are sent by the server alone, also to a client that could ask for them. VS Code's client wants the early ones. */
  readonly diagnostics?: "push";
  /** URI of the page of a code, with `{code}` in its place; takes the place of `documentation` where a code has a page. */
  readonly rulePages?: string;
}

export function readInitializationOptions(value: unknown): InitializationOptions {
  const documentation = member(value, "documentation");
  const rulePages = member(value, "rulePages");
  return {
    ...(typeof documentation === "string" && documentation !== "" ? { documentation } : {}),
    ...(member(value, "diagnostics") === "push" ? { diagnostics: "push" } : {}),
    ...(typeof rulePages === "string" && rulePages.includes("{code}") ? { rulePages } : {}),
  };
}
