import { defaultRuleSettings, type RuleSettings, readRuleSettings } from "../language/index.ts";

/** What users set, `gicWorkbench.*` in the editor's settings. */
export interface Settings {
  /** `gicWorkbench.diagnostics.simulate`: run scripts on the emulator while they are edited. */
  readonly simulate: boolean;
  /** `gicWorkbench.maxProblems`: problems that are shown of one script, 1 to 100,000. */
  readonly maxProblems: number;
  /** `gicWorkbench.rules`: severities of rules. */
  readonly rules: RuleSettings;
}

export const defaultSettings: Settings = { simulate: true, maxProblems: 1000, rules: defaultRuleSettings };

/** The section of the editor's settings that the server asks for. */
export const settingsSection = "gicWorkbench";

const MOST_PROBLEMS = 100_000;

/** Settings from the value of the section, which comes from outside and may be anything: what is missing or wrong has its default. */
export function readSettings(section: unknown): Settings {
  const simulate = member(member(section, "diagnostics"), "simulate");
  const maxProblems = member(section, "maxProblems");
  return {
    simulate: typeof simulate === "boolean" ? simulate : defaultSettings.simulate,
    maxProblems:
      typeof maxProblems === "number" && maxProblems >= 1
        ? Math.min(Math.floor(maxProblems), MOST_PROBLEMS)
        : defaultSettings.maxProblems,
    rules: readRuleSettings(member(section, "rules")).settings,
  };
}

/** What a client may send with `initialize`. */
export interface InitializationOptions {
  /** URI of docs/language.md, for links from problems to their description. */
  readonly documentation?: string;
  /** URI of the page of a code, with `{code}` in its place; takes the place of `documentation` where a code has a page. */
  readonly rulePages?: string;
}

export function readInitializationOptions(value: unknown): InitializationOptions {
  const documentation = member(value, "documentation");
  const rulePages = member(value, "rulePages");
  return {
    ...(typeof documentation === "string" && documentation !== "" ? { documentation } : {}),
    ...(typeof rulePages === "string" && rulePages.includes("{code}") ? { rulePages } : {}),
  };
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
