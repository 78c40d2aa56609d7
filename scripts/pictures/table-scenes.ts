import { pictureInAllThemes, pictureInBothThemes } from "./themes.ts";
import type { WorkbenchUser } from "./workbench-user.ts";

/** The table editor beside its text: a tree of tables, an entry with remarks, the bit ruler, an edit, views of rows; then alone in a narrow group. */
export async function tableEditor(user: WorkbenchUser): Promise<void> {
  await user.openFile("tables-with-remarks.gicdump");
  await user.command("GIC: Decode Table");
  const table = user.webview();
  await table.locator(".row").nth(2).click();
  await table.locator(".details tbody tr").first().waitFor();
  await pictureInBothThemes(user, "table-beside-text");

  await user.command("View: Close Other Editors in Group");
  await user.command("View: Close Editors in Other Groups");
  await table.locator(".tree .node").nth(1).waitFor();
  await table.locator(".row").nth(1).click();
  await table.locator(".details tbody tr").first().waitFor();
  await user.picture("table-editor");
  await table.locator(".details .value").nth(1).dblclick();
  await table.locator(".details .value input").fill("0x12345678");
  await user.press("Enter");
  await table.locator(".status.refusal").waitFor();
  await user.picture("table-edit-refused");
  await table.locator("[data-name=goto]").fill("INTID 8194");
  await user.press("Enter");
  await table.locator("h1", { hasText: "itt" }).waitFor();
  await table.locator(".row.selected").waitFor();
  await table.locator(".reading summary").click();
  await pictureInAllThemes(user, "table-go-to-intid");
  await table.locator(".reading summary").click();
  await user.page.setViewportSize({ width: 720, height: 900 });
  await table.locator(".row").nth(3).click();
  await user.picture("table-narrow");
}
