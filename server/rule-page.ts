import { pageText } from "../runner/rules/pages/index.ts";
import type { RulePageAnswer, RulePageParams } from "./rule-page-protocol.ts";

/** The page of a rule or of a problem's code. @param params as they came: anything may be in them */
export function rulePageOf(params: Partial<RulePageParams> | null | undefined): RulePageAnswer {
  const code = params?.code;
  const text = typeof code === "string" ? pageText(code) : undefined;
  return text === undefined ? null : { text };
}
