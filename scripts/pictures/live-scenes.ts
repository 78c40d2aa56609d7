import { pictureInAllThemes } from "./themes.ts";
import type { WorkbenchUser } from "./workbench-user.ts";

/** A session that stands behind the MSI of the example, with its interrupts in the panel: wide in all themes, filtered, and narrow. */
export async function liveInterrupts(user: WorkbenchUser): Promise<void> {
  await standBehindMsi(user);
  await user.command("Interrupts: Focus on Interrupts View");
  const view = user.webview();
  await view.locator('[role="row"][data-row="0"]').waitFor();
  await pictureInAllThemes(user, "live-interrupts");
  await view.locator("input.filter").fill("lpi");
  await view.locator('[role="row"]', { hasText: "8193" }).waitFor();
  await user.move(() => user.press("F10"));
  await view.locator('[role="gridcell"].changed').first().waitFor();
  await user.picture("live-interrupts-filtered");
  await view.locator('[role="gridcell"][data-column="priority"]').first().click();
  await user.press("F2");
  await view.locator(".live-grid input").waitFor();
  await user.picture("live-interrupts-edit");
  await user.press("Escape");
  await view.locator('[role="gridcell"][data-column="pending"]').last().click({ button: "right" });
  await user.page.locator(".monaco-menu .action-label", { hasText: "Break on Value Change" }).waitFor();
  await user.picture("live-interrupts-menu");
  await user.press("Escape");
  await user.page.setViewportSize({ width: 760, height: 900 });
  await user.picture("live-interrupts-narrow");
}

async function standBehindMsi(user: WorkbenchUser): Promise<void> {
  await user.openFile("first-msi.itscmd");
  await user.toggleBreakpoint(27);
  await user.debugUntilPaused("F5");
}
