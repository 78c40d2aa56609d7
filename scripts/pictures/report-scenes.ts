import { pictureInAllThemes } from "./themes.ts";
import type { WorkbenchUser } from "./workbench-user.ts";

/** Two dumps that are compared; wide in all themes, and in a window that is narrow. */
export async function comparedDumps(user: WorkbenchUser): Promise<void> {
  await user.openFile("migration-destination.gicdump");
  await user.openFile("migration-source.gicdump");
  await user.command("GIC: Compare With…");
  await user.choose("migration-destination", "migration-destination.gicdump");
  await user.webview().locator("table td").first().waitFor();
  await pictureInAllThemes(user, "compare");
  await narrow(user, "compare");
}

/** What kernels would do with a dump, in all themes and narrow; and the entry that is to blame. */
export async function checkedTables(user: WorkbenchUser): Promise<void> {
  await user.openFile("damaged-tables.gicdump");
  await user.command("GIC: Check Tables…");
  await user.webview().locator("td.bad").first().waitFor();
  await pictureInAllThemes(user, "check");
  await narrow(user, "check");
  await user.webview().locator("button.link").first().click();
  await user.page.locator(".monaco-editor .selected-text").first().waitFor();
  await user.picture("check-revealed");
}

/** A report that comes back after a reload of the editor's window, and asks again. */
export async function reloadedReport(user: WorkbenchUser): Promise<void> {
  await user.openFile("damaged-tables.gicdump");
  await user.command("GIC: Check Tables…");
  await user.webview().locator("td.bad").first().waitFor();
  // The browser's own reload would lose what the editor has not stored yet.
  const loaded = user.page.waitForEvent("load");
  await user.command("Developer: Reload Window");
  await loaded;
  await user.webview().locator("td.bad").first().waitFor();
  await user.picture("check-reloaded");
}

/** The map of a Linux guest's interrupts, one PE chosen; and the way of one of its MSIs. */
export async function interruptMap(user: WorkbenchUser): Promise<void> {
  await user.page.locator(".explorer-folders-view .monaco-list-row", { hasText: "captures" }).first().click();
  const folder = user.page
    .locator(".explorer-folders-view .monaco-list-row", { hasText: "linux-6.1-qemu-gicv3" })
    .first();
  await folder.click({ button: "right" });
  await user.page.locator(".context-view .action-label", { hasText: "GIC Tables" }).click();
  await user.page.locator(".context-view .action-label", { hasText: "Interrupt Map" }).click();
  await user.webview().locator(".line").first().waitFor();
  await pictureInAllThemes(user, "map");
  await user.webview().locator(".node.choice", { hasText: "PE 3" }).click();
  await user.picture("map-one-pe");
  await narrow(user, "map");
}

/** The same in a window that leaves little room beside the side bar. */
async function narrow(user: WorkbenchUser, name: string): Promise<void> {
  await user.page.setViewportSize({ width: 760, height: 900 });
  await user.picture(`${name}-narrow`);
  await user.page.setViewportSize({ width: 1440, height: 900 });
}

/** The way of an MSI in a capture, asked for by the PCI address of its device. */
export async function tracedMsi(user: WorkbenchUser): Promise<void> {
  await user.openFile("damaged-tables.gicdump");
  await user.command("GIC: Trace MSI…");
  const input = user.page.locator(".quick-input-widget input.input");
  const title = (text: string) => user.page.locator(".quick-input-title", { hasText: text }).waitFor();
  await title("Trace an MSI");
  await input.fill("0x10");
  await user.press("Enter");
  await title("EventID of");
  await input.fill("1");
  await user.press("Enter");
  await user.webview().locator("table td").first().waitFor();
  await pictureInAllThemes(user, "trace");
}

/** A session on the tables of a dump, with what of its machine is not from there. */
export async function debuggedDump(user: WorkbenchUser): Promise<void> {
  await user.openFile("migration-source.gicdump");
  await user.command("GIC: Debug From This Dump");
  await user.rows(".debug-variables", "GITS_CREADR").first().waitFor();
  await user.page.locator(".notification-toast", { hasText: "restored into" }).waitFor();
  await user.picture("debug-dump");
  await user.page.locator(".notification-toast .monaco-button", { hasText: "Show Details" }).click();
  await user.webview().getByText("ICC_PMR_EL1").first().waitFor();
  await user.picture("debug-dump-details");
}
