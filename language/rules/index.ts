export { type Allowance, allowedBy, allowedLine } from "./allow.ts";
export { asSet, type Kept, keptOf } from "./apply.ts";
export { type Effects, effectOn, type ModelRule } from "./model-rule.ts";
export { remarksOf, unusedAllowances } from "./remarks.ts";
export { type CheckedAt, type Rule, withSeverity } from "./rule.ts";
export { isRuleId, rules, rulesById } from "./rules.ts";
export { defaultRuleSettings, type RuleSettings, readRuleSettings, ruleLevels } from "./settings.ts";
