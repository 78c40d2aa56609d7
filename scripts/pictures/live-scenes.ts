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

/** The registers of a session in the side bar: narrow and wide, searched, and one that is changed. */
export async function liveRegisters(user: WorkbenchUser): Promise<void> {
  await standBehindMsi(user);
  await user.openActivity("GIC");
  const view = user.webview();
  const row = (text: string) => view.locator('[role="row"]', { hasText: text }).first();
  await row("CREADR").waitFor();
  await row("BASER1").locator(".twist").click();
  await row("Entry_Size").waitFor();
  await user.move(() => user.press("F10"));
  await pictureInAllThemes(user, "live-registers");
  await user.widenSideBar(480);
  await user.picture("live-registers-wide");
  await row("Entry_Size").locator('[data-column="value"]').click();
  await row("InnerCache").locator('[data-column="value"]').click();
  await user.press("F2");
  await view.locator(".live-grid select").waitFor();
  await user.picture("live-registers-edit");
  await user.press("Escape");
  await view.locator("input.filter").fill("ispendr");
  await row("ISPENDR0").waitFor();
  await user.picture("live-registers-search");
}

/** The registers of a session compared with the moment before a line that is chosen from a list. */
export async function comparedRegisters(user: WorkbenchUser): Promise<void> {
  await standBehindMsi(user);
  await user.openActivity("GIC");
  const view = user.webview();
  await view.locator('[role="row"]', { hasText: "CREADR" }).first().waitFor();
  await user.command("GIC: Compare Registers With…");
  await user.page.locator(".quick-input-list .monaco-list-row", { hasText: "before a line" }).click();
  const line = user.page.locator(".quick-input-list .monaco-list-row", { hasText: "MAPD" }).first();
  await line.waitFor();
  await user.picture("compared-registers-lines");
  await line.click();
  await view.locator(".unlike").first().waitFor();
  await user.picture("compared-registers");
  await user.widenSideBar(480);
  await view.locator("button", { hasText: "Not as in" }).click();
  await view.locator('[role="columnheader"]', { hasText: "Compared" }).waitFor();
  await pictureInAllThemes(user, "compared-registers-wide");
}

/** The command queue and the bits in the side bar, and the map beside the script. */
export async function liveQueueAndBits(user: WorkbenchUser): Promise<void> {
  await standBehindMsi(user);
  await user.openActivity("GIC");
  const shown = (text: string) => user.frameWith('[role="row"], .summary-line', text);
  await shown("CREADR");
  await user.page.locator(".editor-group-container.active .view-line", { hasText: "MAPTI" }).last().click();
  await user.command("GIC: Focus on Command Queue View");
  await shown("MAPTI");
  await user.command("GIC: Focus on Bits View");
  await user.page.locator(".editor-group-container.active .view-line", { hasText: "MAPTI" }).last().click();
  await shown("pINTID");
  await user.page.locator(".pane-header", { hasText: "Registers" }).click();
  await pictureInAllThemes(user, "live-queue-bits");
  await user.widenSideBar(480);
  await user.picture("live-queue-bits-wide");
}

/** Registers of many narrow fields, bit by bit in a side bar of 280 pixels. */
export async function narrowBits(user: WorkbenchUser): Promise<void> {
  await standBehindMsi(user);
  await user.openActivity("GIC");
  await user.frameWith('[role="row"]', "CREADR");
  await user.setSideBarWidth(280);
  await user.command("GIC: Focus on Bits View");
  const header = user.page.locator(".sidebar .pane-header", { hasText: "Registers" });
  for (const name of ["TYPER", "BASER1"]) {
    const registers = await user.frameWith('[role="row"]', "CREADR");
    await registers.locator('[role="row"]', { hasText: name }).first().click();
    await user.frameWith(".summary-line", name);
    await header.click();
    await pictureInAllThemes(user, `narrow-bits-${name.toLowerCase()}`);
    await header.click();
  }
}

/** A field of a command that is changed in the bits, and with it in the script. */
export async function editedBits(user: WorkbenchUser): Promise<void> {
  await standBehindMsi(user);
  await user.openActivity("GIC");
  await user.frameWith('[role="row"]', "CREADR");
  await user.command("GIC: Focus on Bits View");
  await user.page.locator(".pane-header", { hasText: "Registers" }).click();
  await user.page.locator(".editor-group-container.active .view-line", { hasText: "MOVI" }).last().click();
  const view = await user.frameWith('[role="row"]', "ICID");
  await view.locator('[role="row"]', { hasText: "ICID" }).locator('[data-column="value"]').last().click();
  await user.press("F2");
  await view.locator(".live-grid input").waitFor();
  await user.picture("edited-bits-field");
  await view.locator(".live-grid input").fill("1");
  await user.press("Enter");
  // Hints stand between the words.
  await user.page.locator(".view-line", { hasText: /MOVI\s.*ICID=1/ }).waitFor();
  await view.locator('[role="row"]', { hasText: /ICID\s*1/ }).waitFor();
  await user.picture("edited-bits");
}

/** The timeline of a session: where it stands, gone back by a click, with what was taken back; filtered; narrow and wide. */
export async function liveTimeline(user: WorkbenchUser): Promise<void> {
  await standBehindMsi(user);
  await user.move(() => user.press("F10"));
  await user.openActivity("GIC");
  await user.frameWith('[role="row"]', "CREADR");
  await user.command("GIC: Focus on Timeline View");
  await user.page.locator(".pane-header", { hasText: "Registers" }).click();
  await user.frameWith('[role="row"].next', "expect pending");
  const view = user.webview();
  await user.move(() => view.locator(".row", { hasText: "MAPTI" }).first().click());
  await view.locator(".row.next", { hasText: "MAPTI" }).waitFor();
  await pictureInAllThemes(user, "live-timeline");
  await user.widenSideBar(480);
  await user.picture("live-timeline-wide");
  await view.locator("input.filter").fill("device:0x10 colour:1");
  await view.locator(".status", { hasText: "means nothing" }).waitFor();
  await user.picture("live-timeline-wrong-word");
  await view.locator("input.filter").fill("device:0x10");
  await view.locator(".row", { hasText: "MAPD" }).first().waitFor();
  await user.picture("live-timeline-filtered");
}

/** The map of a session, with what the last step has changed. */
export async function liveMap(user: WorkbenchUser): Promise<void> {
  await standBehindMsi(user);
  await user.command("GIC: Interrupt Map of the Session");
  await user.webview().locator(".line.event").first().waitFor();
  await user.page.locator(".tab", { hasText: "first-msi.itscmd" }).first().click();
  await user.move(() => user.press("F10"));
  await user.webview().locator(".line.changed").first().waitFor();
  await pictureInAllThemes(user, "live-map");
  await user.page.setViewportSize({ width: 900, height: 900 });
  await user.picture("live-map-narrow");
}

async function standBehindMsi(user: WorkbenchUser): Promise<void> {
  await user.openFile("first-msi.itscmd");
  await user.toggleBreakpoint(25);
  await user.debugUntilPaused("F5");
}
