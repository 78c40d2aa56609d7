import type { Pages } from "./page.ts";

const own = "The language's own: docs/language.md";

/** Pages of the rules that the text of a line breaks. */
export const textRulePages: Pages = {
  "L-60": {
    why: "C's operators have an order that is older than &&: a comparison binds stronger than &, ^ and |. The line does something, and seldom what was meant.",
    source: "ISO C 6.5; gcc warns of it with -Wparentheses",
    breaks: "expect GITS_TYPER & 1 == 1",
    keeps: "expect (GITS_TYPER & 1) == 1",
    fix: "Write parentheses around what belongs together. The quick fix writes the ones that are most likely meant.",
  },
  "L-80": {
    why: "Where implementations differ, software that is to run on more than one must not rely on it. The editor looks at scripts of up to 2,000 lines without an error, when they are run to their end; gicwb run --portable looks at any.",
    source: "The models themselves, which recordings of Linux KVM and QEMU are checked against: docs/models.md",
    breaks: "read GITS_IIDR",
    keeps: "MAPC ICID=0, RDbase=0",
    fix: "Write what holds everywhere, choose one model with `model =`, or allow the line.",
  },
  "L-90": {
    why: "A comment that allows a rule which does not exist silences nothing, and nobody would notice.",
    source: own,
    breaks: "let a = 1 # allow L-99",
    keeps: "expect 1 & 1 == 1 # allow L-60",
    fix: "Correct the id, or remove it.",
  },
  "L-91": {
    why: "A comment that silences nothing may hide the next mistake of that kind. It is looked at when the whole script has run.",
    source: own,
    breaks: "# allow L-11\nMAPC ICID=0, RDbase=0",
    keeps: "# allow L-62\nwrite GITS_TYPER = 0",
    fix: "Remove the id from the comment.",
  },
};
