import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { extensionHost } from "./running-programs.ts";
import type { WorkbenchUser } from "./workbench-user.ts";

/** Each store to GITS_CWRITER has a queue of INVALLs carried out: each packet of it is all 0x0d. */
const longRun = `machine {
  model = kvm-7.2
  ram = 0x40000000, 64M
}
MAPC ICID=0xd0d, RDbase=0
write GITS_CTLR = 0
fill 0x41000000, 1M, 0x0d
write GITS_CBASER = 0x80000000410000ff
write GITS_CTLR = 1
${"write GITS_CWRITER = 0xfffe0\nwrite GITS_CWRITER = 0xfffc0\n".repeat(50)}`;

/** Writes a script that runs for minutes. @param folder of the workspace */
export function longScript(folder: string): void {
  mkdirSync(path.join(folder, "trust"), { recursive: true });
  writeFileSync(path.join(folder, "trust", "long-run.itscmd"), longRun);
}

/** The extension host is killed in the middle of a run, with a report and a map open: the user is told, and all of them answer again. */
export async function restartedHost(user: WorkbenchUser): Promise<void> {
  const { page } = user;
  const pause = page.locator(".action-item:not(.disabled) .codicon-debug-pause:visible").first();
  const selected = page.locator(".monaco-editor .selected-text").first();
  await user.openFile("damaged-tables.gicdump");
  await user.command("GIC: Check Tables…");
  await user.webview().locator("td.bad").first().waitFor();
  await user.openFile("migration-source.gicdump");
  await user.command("GIC: Interrupt Map");
  await user.frameWith("h1", "migration-source");
  await user.openFile("long-run.itscmd");
  await user.press("F5");
  await user.command("View: Show Run and Debug");
  await pause.waitFor();

  process.kill(extensionHost(), "SIGKILL");
  const told = page.locator(".notification-toast", { hasText: "GIC-SESSION-LOST" });
  await told.waitFor();
  await pause.waitFor({ state: "hidden" });
  await page.locator(".tab.active", { hasText: "long-run.itscmd" }).waitFor();
  await user.picture("restart-told");
  await told.locator(".monaco-button", { hasText: "Start Again" }).click();
  await pause.waitFor();
  await user.stopDebugging();

  await page.locator(".tab", { hasText: "Check: damaged-tables" }).click();
  const report = await user.frameWith("td.bad", "");
  await report.locator("button.link").first().click();
  await selected.waitFor();
  await user.picture("restart-report");
  await page.locator(".tab", { hasText: "Interrupts: migration-source" }).click();
  const map = await user.frameWith("h1", "migration-source");
  await map.locator('[role="treeitem"]').first().dblclick();
  await page.locator(".tab.active", { hasText: "migration-source.gicdump" }).waitFor();
  await user.picture("restart-map");
}
