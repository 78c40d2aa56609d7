import { msiText } from "./msi-text.ts";
import { type MsiStep, pendingLinks } from "./trace-msi.ts";

/** A link of an MSI's way as JSON has it: addresses and words are texts with 0x, and its sentences stand beside. */
export function msiStepJson(step: MsiStep) {
  const { address, word } = step;
  return {
    ...step,
    address: address === undefined ? undefined : `0x${address.toString(16)}`,
    word: word === undefined ? undefined : `0x${word.toString(16)}`,
    ...msiText(step),
  };
}

/** What came of an MSI's way, in a sentence without a full stop; `good`: every link is. */
export function msiResult(steps: readonly MsiStep[]): {
  readonly tone: "good" | "bad" | "warning";
  readonly text: string;
} {
  const broken = steps.find(({ state }) => state === "broken");
  if (broken !== undefined) return { tone: "bad", text: `Broken at ${broken.link}: ${msiText(broken).sentence}` };
  const unknown = steps.filter(({ state }) => state === "unknown");
  const last = steps.at(-1);
  const notFollowed = last?.link === "virtual pending bit" ? ["whether the vPE takes it"] : [];
  if (last?.state === "unknown" && !steps.some(({ link }) => pendingLinks.includes(link)))
    return { tone: "warning", text: `The way ends at ${last.link}: ${msiText(last).sentence}` };
  const names = [...unknown.map(({ link }) => link), ...notFollowed];
  if (names.length === 0) return { tone: "good", text: "Every link is good" };
  return { tone: "warning", text: `Every link that is known is good; not known: ${names.join(", ")}` };
}
