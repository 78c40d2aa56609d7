import { defaultRuleSettings, type RuleSettings, readRuleSettings } from "../language/index.ts";

/** What users set, `gicWorkbench.*` in the editor's settings. */
export interface Settings {
  /** `gicWorkbench.diagnostics.simulate`: run scripts on the emulator while they are edited. */
  readonly simulate: boolean;
  /** `gicWorkbench.maxProblems`: problems that are shown of one script, 1 to 100,000. */
  readonly maxProblems: number;
  /** `gicWorkbench.hints.enabled` and `gicWorkbench.hints.kinds`: kinds of inlay hints that are shown. */
  readonly hints: ReadonlySet<HintKind>;
  /** `gicWorkbench.codeLens.enabled`: Run, Debug and Compare over scripts. */
  readonly lenses: boolean;
  /** `gicWorkbench.rules`: severities of rules. */
  readonly rules: RuleSettings;
}

/** Kinds of inlay hints: where an MSI goes, how an encoded value reads, a DeviceID as bus:dev.fn, what a line showed. */
export const hintKinds = ["targets", "encodings", "requesters", "results"] as const;

export type HintKind = (typeof hintKinds)[number];

export const defaultSettings: Settings = {
  simulate: true,
  maxProblems: 1000,
  hints: new Set(hintKinds),
  lenses: true,
  rules: defaultRuleSettings,
};

/** The section of the editor's settings that the server asks for. */
export const settingsSection = "gicWorkbench";

const MOST_PROBLEMS = 100_000;

/** Settings from the value of the section, which comes from outside and may be anything: what is missing or wrong has its default. */
export function readSettings(section: unknown): Settings {
  const simulate = member(member(section, "diagnostics"), "simulate");
  const maxProblems = member(section, "maxProblems");
  const lenses = member(member(section, "codeLens"), "enabled");
  return {
    simulate: typeof simulate === "boolean" ? simulate : defaultSettings.simulate,
    maxProblems:
      typeof maxProblems === "number" && maxProblems >= 1
        ? Math.min(Math.floor(maxProblems), MOST_PROBLEMS)
        : defaultSettings.maxProblems,
    hints: readHints(member(section, "hints")),
    lenses: typeof lenses === "boolean" ? lenses : defaultSettings.lenses,
    rules: readRuleSettings(member(section, "rules")).settings,
  };
}

function readHints(section: unknown): ReadonlySet<HintKind> {
  if (member(section, "enabled") === false) return new Set();
  const kinds = member(section, "kinds");
  return Array.isArray(kinds) ? new Set(hintKinds.filter((kind) => kinds.includes(kind))) : defaultSettings.hints;
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

function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
