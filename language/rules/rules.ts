import { naturalOrder } from "../../architecture/natural-order.ts";
import { commandRules } from "./command-rules.ts";
import { registerRules } from "./register-rules.ts";
import { defineRule, type Rule } from "./rule.ts";

/** Rules that the text of a line breaks. */
const textRules = {
  comparedFirst: defineRule(
    "L-60",
    "A comparison binds stronger than &, | and ^",
    (comparison: string, operator: string, read: string, meant: string) =>
      `${comparison} binds stronger than ${operator}, as in C: this is ${read}. If ${meant} is meant, write the parentheses.`,
    { checkedAt: "text", data: (_comparison, _operator, _read, meant) => ({ kind: "grouping", text: meant }) },
  ),
  differsBetweenModels: defineRule(
    "L-80",
    "A line comes to different things on different models",
    (answers: string) => `Differs between models: ${answers}.`,
    { severity: "hint" },
  ),
  unknownAllowed: defineRule(
    "L-90",
    "A comment allows a rule that does not exist",
    (id: string, known: string) => `There is no rule ${id}. Rules are ${known}.`,
    { checkedAt: "text" },
  ),
  nothingAllowed: defineRule(
    "L-91",
    "A comment allows what does not happen",
    (id: string) => `Nothing here breaks ${id}. Remove it from the comment.`,
    { severity: "hint", checkedAt: "text" },
  ),
} as const;

/** Every rule. */
export const rules = { ...textRules, ...commandRules, ...registerRules } as const;

/** Every rule by its id. */
export const rulesById: ReadonlyMap<string, Rule<never>> = new Map(
  Object.values(rules)
    .map((rule) => rule as unknown as Rule<never>)
    .sort((a, b) => naturalOrder(a.code, b.code))
    .map((rule) => [rule.code, rule]),
);

/** Whether a text is the id of a rule. */
export function isRuleId(text: string): boolean {
  return rulesById.has(text);
}
