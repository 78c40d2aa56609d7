import { extensionId } from "../project.ts";
import { runningExtension } from "./running-extension.ts";
import type { WorkbenchUser } from "./workbench-user.ts";

/** The extension runs in the extension host of the browser and not in the server's. */
export const hostInTheBrowser = { "remote.extensionKind": { [extensionId]: ["web"] } };

/** All parts of the extension where there is no Node: language server and debug adapter are workers, files are read through the editor. */
export async function inTheBrowser(user: WorkbenchUser): Promise<void> {
  const { page } = user;
  await user.openFile("mistakes.itscmd");
  await user.waitForSquiggle();
  await user.openFile("first-msi.itscmd");
  // A command that stands once, and in sight. Lenses and hints move what the mouse would rest on: they are waited for.
  await page.locator(".codelens-decoration", { hasText: "Run" }).first().waitFor();
  await page.getByText("LPI 8193").first().waitFor();
  const hover = await user.hoverText("MAPD");
  if (!/DeviceID/.test(hover)) throw new Error(`the hover of a command says: ${hover}`);
  await user.picture("web-hover");
  await user.press("Escape");
  await user.toggleBreakpoint(25);
  await user.debugUntilPaused("F5");
  await user.openActivity("GIC");
  const registers = await user.frameWith('[role="row"]', "CREADR");
  await user.move(() => user.press("F10"));
  await registers.locator("[role='row']", { hasText: "CREADR" }).first().waitFor();
  await user.picture("web-stepped");
  await user.command("View: Show Run and Debug");
  await user.move(() => page.locator("a.codicon-debug-step-back:visible").first().click());
  await user.picture("web-stepped-back");
  await user.press("Shift+F5");

  // What it includes and loads is asked of the editor, by the server as by the debug adapter.
  await user.openFile("including.itscmd");
  await user.debugUntilPaused("F5");
  await page.getByText("Expectations: 1 kept, 0 failed.").first().waitFor();
  await page.locator(".squiggly-error").waitFor({ state: "hidden" });
  await user.press("Shift+F5");

  await user.openFile("kvm-6.1-device-table.gicdump");
  await user.command("GIC: Decode Table");
  const table = await user.frameWith("h1", "device-table");
  await table.locator('.row[data-row="0"]').waitFor();
  await user.picture("web-decoded");

  const running = await runningExtension(user);
  await user.picture("web-running");
  if (!running.includes("web worker")) throw new Error(`it runs elsewhere: ${running}`);
}
