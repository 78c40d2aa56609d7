import type { Locator } from "playwright-core";
import { pictureInAllThemes } from "./themes.ts";
import type { WorkbenchUser } from "./workbench-user.ts";

/** The first half hour: the examples are open, F5, a look at the views, a step back and on, a stop at an ITE, and back to who wrote it. */
export async function newcomer(user: WorkbenchUser): Promise<void> {
  await user.openFile("first-msi.itscmd");
  await user.debugUntilPaused("F5");
  await user.page.getByText("Nothing is pending.").first().waitFor();
  await user.picture("newcomer-f5");
  await user.openActivity("GIC");
  await user.frameWith('[role="row"]', "CREADR");
  await user.command("Interrupts: Focus on Interrupts View");
  const interrupts = await user.frameWith('[role="row"]', "SGI");
  await interrupts.locator("input.filter").fill("lpi");
  const lpi = interrupts.locator('[role="row"]', { hasText: "8193" }).first();
  await lpi.waitFor();
  await pictureInAllThemes(user, "newcomer-views");
  // From behind the last line to before it, which looks the same, and on.
  await user.command("View: Show Run and Debug");
  await button(user, "step-back").click();
  await user.move(() => button(user, "step-back").click());
  await user.openActivity("GIC");
  await user.frameWith('[role="row"]', "CREADR");
  await user.picture("newcomer-stepped-back");
  await user.move(() => user.press("F10"));
  const registers = await user.frameWith('[role="row"]', "CREADR");
  await registers.locator("[role='row']", { hasText: "CREADR" }).locator(".changed").waitFor();
  await user.picture("newcomer-stepped");
  await user.menu(lpi.locator('[data-column="event"]'), "Break on Value Change", "newcomer-menu");
  await lpi.locator(".watched").first().waitFor();
  await user.command("View: Show Run and Debug");
  await button(user, "reverse-continue").click();
  await user.openActivity("GIC");
  await user.frameWith('[role="row"]', "CREADR");
  await lpi.locator('[data-column="target"]', { hasText: "PE 2" }).waitFor();
  await user.picture("newcomer-before-the-move");
  await user.press("F5");
  await lpi.locator('[data-column="target"]', { hasText: "PE 0" }).waitFor();
  await user.picture("newcomer-ite-changed");
  await user.menu(lpi.locator('[data-column="event"]'), "Run Back to What Wrote This", "newcomer-run-back-menu");
  await lpi.locator('[data-column="target"]', { hasText: "PE 2" }).waitFor();
  await user.widenSideBar(320);
  await pictureInAllThemes(user, "newcomer-who-wrote-it");
  await user.page.setViewportSize({ width: 900, height: 760 });
  await user.widenSideBar(-460);
  await pictureInAllThemes(user, "newcomer-narrow");
}

/** A button of the debugger's tool bar, which is docked in Run and Debug. */
function button(user: WorkbenchUser, icon: "step-back" | "reverse-continue"): Locator {
  return user.page.locator(`a.codicon-debug-${icon}:visible`).first();
}
