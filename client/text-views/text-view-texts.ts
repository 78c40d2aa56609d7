import { t } from "../texts.ts";

/** What "Show as Text" says. */
export const textViewTexts = {
  which: () => t("What is to be shown as text?"),
  nothing: () => t("Nothing is open that could be shown as text. Open a GIC view, a report or decoded tables first."),
  gone: () => t("This text was of a moment that is over. GIC: Show as Text makes it anew."),
};
