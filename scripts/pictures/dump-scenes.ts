import { pictureInAllThemes, pictureInBothThemes } from "./themes.ts";
import type { WorkbenchUser } from "./workbench-user.ts";

/** A saved device table, decoded beside its text, with an entry selected; then ITTs of several devices. */
export async function decodedTable(user: WorkbenchUser): Promise<void> {
  await user.openFile("kvm-6.1-device-table.gicdump");
  await user.command("GIC: Decode Table");
  const row = user.webview().getByText("0x40480000").first();
  await row.click();
  await user.webview().locator(".details tbody td").first().waitFor();
  await pictureInBothThemes(user, "decoded-device-table");
  await row.dblclick();
  await user.page.locator(".editor-group-container.active .view-line").first().waitFor();
  await user.picture("decoded-shown-in-dump");

  await user.openFile("kvm-6.1-itt.gicdump");
  await user.command("GIC: Decode Table");
  await user.webview().locator(".row").nth(3).click();
  await user.webview().locator(".details tbody td").first().waitFor();
  await user.picture("decoded-itts");
}

export async function dumpHover(user: WorkbenchUser): Promise<void> {
  await user.openFile("kvm-6.1-device-table.gicdump");
  // The lenses move the lines below them: what the mouse rests on would not be what was aimed at.
  await user.page.locator(".codelens-decoration", { hasText: "Check" }).first().waitFor();
  await user.hoverText("80b6000008090000");
  await user.picture("dump-hover");
}

/** What the text of a dump shows: hints, colours, lenses, problems, the outline; then a narrow editor, and hovers beside the digits. */
export async function dumpText(user: WorkbenchUser): Promise<void> {
  await user.openFile("broken-tables.gicdump");
  await user.waitForSquiggle("error");
  await user.command("Problems: Focus on Problems View");
  await user.page.locator(".codelens-decoration", { hasText: "Check" }).first().waitFor();
  await user.command("Explorer: Focus on Outline View");
  await user.rows(".outline-pane", "device-table").first().waitFor();
  // The digits of an address have a colour of their own.
  const coloured = () =>
    user.page.locator(".view-line span").getByText("0000080800", { exact: true }).first().waitFor();
  await pictureInAllThemes(user, "dump-text", coloured);
  await user.press("Control+J");
  await user.hoverText("0001000020010007");
  await user.picture("dump-text-hover-error");
  await user.press("Escape");
  await user.hoverText("40100040");
  await user.picture("dump-text-hover-address");
  await user.press("Escape");
  await user.openFile("kvm-6.1-device-table-two-level.gicdump");
  await user.page.locator(".codelens-decoration", { hasText: "Check" }).first().waitFor();
  await user.hoverText("8000000040230000");
  await user.picture("dump-text-two-level");
}

/** A text that does not say which table it is: the list of tables; and a text that is no dump. */
export async function wrongDump(user: WorkbenchUser): Promise<void> {
  await user.openFile("one-entry.gicdump");
  await user.command("GIC: Decode Table");
  await user.page.locator(".quick-input-list .monaco-list-row", { hasText: "DTE" }).waitFor();
  await user.picture("dump-which-table");
  await user.press("Escape");
  await user.openFile("bad-lines.gicdump");
  await user.waitForSquiggle("warning");
  await user.command("Problems: Focus on Problems View");
  await user.picture("dump-bad-lines");
  await user.openFile("one-command.itscmd");
  await user.command("GIC: Decode Table");
  await user.page.locator(".notification-toast").first().waitFor();
  await user.picture("dump-none");
}

/** A saved machine: its tables as a dump with the decoded table beside it, then in the debugger. */
export async function savedMachine(user: WorkbenchUser): Promise<void> {
  await user.openFile("saved-guest.gicstate.json");
  await user.command("GIC: Decode Table");
  await user.webview().locator("[data-row]").first().waitFor();
  await pictureInBothThemes(user, "state-decoded");
  await user.command("GIC: Debug Saved Machine");
  await user.rows(".debug-variables", "GITS_CREADR").first().waitFor();
  await user.picture("state-debugged");
}
