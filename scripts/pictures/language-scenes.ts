import { pictureInAllThemes } from "./themes.ts";
import type { WorkbenchUser } from "./workbench-user.ts";

/** Hints and lenses on a script with loops, macros and tests: in all themes, and in a window that is narrow. */
export async function hintsAndLenses(user: WorkbenchUser): Promise<void> {
  await user.openFile("its-trigger.itscmd");
  await lens(user, "Run").waitFor();
  await user.goToLine(58);
  const ready = async () => {
    await lens(user, "Debug Test").waitFor();
  };
  await pictureInAllThemes(user, "lenses", ready);
  await user.page.setViewportSize({ width: 760, height: 900 });
  await user.picture("lenses-narrow");
  await user.page.setViewportSize({ width: 1440, height: 900 });
  await user.openFile("first-msi.itscmd");
  await user.goToLine(30);
  await user.page.locator(".view-line", { hasText: "→ LPI 8193, PE 2" }).first().waitFor();
  await pictureInAllThemes(user, "hints");
}

/** One test of a script, debugged by its lens: it stops at the breakpoint on its end. */
export async function debuggedTest(user: WorkbenchUser): Promise<void> {
  await user.openFile("its-trigger.itscmd");
  await user.goToLine(67);
  await user.toggleBreakpoint(67);
  const begin = user.page.locator(".codelens-decoration a", { hasText: "Debug Test" }).nth(1);
  await begin.waitFor();
  await user.move(() => begin.click());
  await user.picture("debugged-test");
  await user.stopDebugging();
}

/** The menu of quick fixes, and the page of a rule, opened from its code in a hover. */
export async function fixesAndRulePage(user: WorkbenchUser): Promise<void> {
  await user.openFile("mistakes.itscmd");
  await user.waitForSquiggle();
  for (const [line, name] of [
    [11, "quick-fix-name"],
    [7, "quick-fixes"],
  ] as const) {
    await user.goToLine(line);
    const menu = user.page.locator(".action-widget .monaco-list-row").first();
    await user.press("Control+.");
    await menu.waitFor();
    await user.picture(name);
    await user.press("Escape");
    await menu.waitFor({ state: "hidden" });
  }
  await user.command("Problems: Focus on Problems View");
  await user.page.locator(".markers-panel .monaco-list-row").nth(1).waitFor();
  await user.picture("problem-codes");
  await user.page
    .locator(".markers-panel a", { hasText: "ITS0501" })
    .first()
    .click({ modifiers: ["Control"] });
  await user.page.locator(".tab.active", { hasText: "ITS0501" }).waitFor();
  const ready = () => user.webview().locator("h1", { hasText: "ITS0501" }).waitFor();
  await pictureInAllThemes(user, "rule-page", ready);
}

function lens(user: WorkbenchUser, title: string) {
  return user.page.locator(".codelens-decoration a", { hasText: title }).first();
}
