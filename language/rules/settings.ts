import { type Severity, severities } from "../diagnostic.ts";
import { isRuleId } from "./rules.ts";

/** What users make of rules: a severity of their own, or off. Rules that are not named have their default. */
export type RuleSettings = ReadonlyMap<string, Severity | "off">;

export const defaultRuleSettings: RuleSettings = new Map();

/** What of settings could not be used. */
export interface RuleSettingProblem {
  readonly rule: string;
  /** Whether it is the rule that does not exist; else its value is none. */
  readonly unknown: boolean;
}

/** Words that a rule can be set to. */
export const ruleLevels: readonly (Severity | "off")[] = ["off", ...severities.toReversed()];

/** Settings from an object of ids and levels, which comes from outside and may be anything. */
export function readRuleSettings(value: unknown): {
  readonly settings: RuleSettings;
  readonly problems: readonly RuleSettingProblem[];
} {
  const settings = new Map<string, Severity | "off">();
  const problems: RuleSettingProblem[] = [];
  if (typeof value !== "object" || value === null) return { settings, problems };
  for (const [name, level] of Object.entries(value)) {
    const rule = name.toUpperCase();
    const known = ruleLevels.find((word) => word === level);
    if (!isRuleId(rule)) problems.push({ rule: name, unknown: true });
    else if (known === undefined) problems.push({ rule: name, unknown: false });
    else settings.set(rule, known);
  }
  return { settings, problems };
}
