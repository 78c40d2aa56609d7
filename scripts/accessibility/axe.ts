/// <reference lib="dom" />
import type axe from "axe-core";
import axeCore from "axe-core";
import type { Frame } from "playwright-core";

/** What axe-core says of a page of the extension in a theme. */
export interface Finding {
  readonly page: string;
  readonly theme: string;
  /** Rules that had something to look at and were content. */
  readonly passed: number;
  readonly violations: readonly Violation[];
  /** Ids of rules that could not tell, each with the elements. */
  readonly undecided: readonly Violation[];
}

/** A rule that is broken, with the elements that break it. */
export interface Violation {
  readonly rule: string;
  readonly help: string;
  readonly elements: readonly string[];
}

export const axeVersion: string = axeCore.version;

/** Runs every rule of axe-core, those that are mere good practice among them, over the document of a page. */
export async function checkPage(frame: Frame, page: string, theme: string): Promise<Finding> {
  if (!(await frame.evaluate(() => "axe" in globalThis))) await frame.evaluate(axeCore.source);
  await showGround(frame);
  const { passed, violations, undecided } = await frame.evaluate(async () => {
    const { axe: runner } = globalThis as unknown as { axe: typeof axe };
    const results = await runner.run(document, { iframes: false });
    document.documentElement.style.backgroundColor = "";
    const brief = ({ id, help, nodes }: axe.Result) => ({
      rule: id,
      help,
      elements: nodes.map(({ html, failureSummary }) => `${html.slice(0, 240)}  ${failureSummary ?? ""}`),
    });
    return {
      passed: results.passes.length,
      violations: results.violations.map(brief),
      undecided: results.incomplete.map(brief),
    };
  });
  return { page, theme, passed, violations, undecided };
}

/**
 * Gives the page of a view the colour that shows through it: a page in a side bar or a panel has none of its own, and axe-core looks at
 * its document alone.
 */
async function showGround(frame: Frame): Promise<void> {
  let holder: Frame = frame;
  for (let parent = frame.parentFrame(); parent?.parentFrame() != null; parent = parent.parentFrame()) holder = parent;
  const place = await (await holder.frameElement()).boundingBox();
  if (place === null) throw new Error("the view is not in sight");
  const middle = { x: place.x + place.width / 2, y: place.y + place.height / 2 };
  const colour = await frame.page().evaluate(({ x, y }) => {
    const seen = document.elementsFromPoint(x, y).map((one) => getComputedStyle(one).backgroundColor);
    return seen.find((one) => !/^rgba\(.*, 0\)$/.test(one)) ?? "";
  }, middle);
  await frame.evaluate((ground) => {
    document.documentElement.style.backgroundColor = ground;
  }, colour);
}

/** The findings that are to be mended, as lines for who mends them; empty when there are none. */
export function complaints(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ page, theme, violations }) =>
    violations.flatMap(({ rule, help, elements }) => [
      `${page}, ${theme}: ${rule}: ${help}`,
      ...elements.slice(0, 5).map((text) => `    ${text.replaceAll("\n", "\n      ")}`),
      ...(elements.length > 5 ? [`    and ${elements.length - 5} more`] : []),
    ]),
  );
}
