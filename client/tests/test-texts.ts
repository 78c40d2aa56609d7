import { t } from "../texts.ts";

/** Sentences and labels of the Test Explorer. */
export const testTexts = {
  controller: () => t("GIC Workbench"),
  run: () => t("Run"),
  debug: () => t("Debug"),
  coverage: () => t("Run with Coverage"),
  runOn: (model: string) => t("Run on {0}", model),
  moreScripts: () => t("Further scripts"),
  moreScriptsWhy: (shown: number) =>
    t("{0} scripts of this workspace are listed, and it has more. Open a smaller folder to see all.", shown),
  tooLarge: (limit: string) => t("It is larger than {0}, which no script may be.", limit),
  unreadable: (reason: string) => t("It cannot be read: {0}", reason),
  noLine: (name: string) => t("{0} has no test any more.", name),
  notRun: () => t("It was not run: a line above it keeps the script from coming here."),
  moreProblems: (count: number) => t("{0} more problems of this test are not shown.", count),
  notDebugged: () => t("The session did not start."),
  verdict: () => t("What was debugged has run once more beside the session, for its verdict."),
};
