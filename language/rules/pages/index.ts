import { codePages } from "./codes.ts";
import { commandRulePages } from "./command-rules.ts";
import { includePages } from "./include-codes.ts";
import type { Pages } from "./page.ts";
import { registerRulePages } from "./register-rules.ts";
import { textRulePages } from "./text-rules.ts";

export type { Page, Pages, PageText } from "./page.ts";

/** Pages of all rules. */
export const rulePages: Pages = { ...textRulePages, ...commandRulePages, ...registerRulePages };

/** Pages of the language's own codes. */
export const languagePages: Pages = { ...codePages, ...includePages };
