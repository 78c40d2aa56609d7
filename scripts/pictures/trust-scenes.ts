import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { languageServer, languageServers } from "./running-programs.ts";
import type { WorkbenchUser } from "./workbench-user.ts";

/** A file's name that would be an element where it is taken for HTML. */
const hostileName = `<img src=x onerror=alert(1)> <b>&amp;.gicdump`;
/** The same of a dump that has all tables, which can be checked. */
const wholeName = `whole <img src=x onerror=alert(1)>.gicdump`;
const calmFolder = "trust";

/** An ITT whose text column is a script; what it says is not what the digits say, and nobody has to believe it. */
const hostileDump = `# gic: table=itt device-id=0x8 layout=kvm-rev0 base=0x40400000 event-bits=5
40400000: 0001000020000000 0001000020010001  <script>alert(1)
40400010: 0001000020020000 0001000020030001  </script><img sr
40400020: 0001000020040000 0000000000000000  c=x onerror=aler
40400030: 0000000000000000 0000000000000000  t(1)>&lt;b&gt;</
`;

/** Writes what {@link hostileTexts} opens into the workspace. @param folder of the workspace */
export function hostileFiles(folder: string): void {
  mkdirSync(path.join(folder, calmFolder), { recursive: true });
  writeFileSync(path.join(folder, calmFolder, hostileName), hostileDump);
  copyFileSync(path.join(folder, "damaged-tables.gicdump"), path.join(folder, calmFolder, wholeName));
}

/** Texts that would be HTML are texts, in the table editor, in hovers and in reports: a dump with a script in its text column, of a file named with HTML. */
export async function hostileTexts(user: WorkbenchUser): Promise<void> {
  const { page } = user;
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  const clean = async (where: string) => {
    for (const frame of page.frames()) {
      const made = await frame.locator("img[src='x'], script:text('alert(1)'), b:text-is('&.gicdump')").count();
      if (made > 0) throw new Error(`${where}: a text has become an element in ${frame.url()}`);
    }
    if (dialogs.length > 0) throw new Error(`${where}: a text has run as code`);
  };
  await user.openFile(hostileName);
  await page.locator(".codelens-decoration", { hasText: "Check" }).first().waitFor();
  await user.hoverText("0001000020010001");
  await user.picture("trust-hover");
  await clean("a hover");
  await user.press("Escape");

  await user.command("GIC: Decode Table");
  const table = await user.frameWith("h1", "itt @");
  await table.locator('.row[data-row="0"]').click();
  await table.locator(".details tbody td").first().waitFor();
  await user.picture("trust-table");
  await clean("the table editor");

  await user.openFile(wholeName);
  await user.command("GIC: Check Tables…");
  const report = await user.frameWith("h1", wholeName);
  await report.locator("td.bad").first().waitFor();
  await user.picture("trust-check");
  await clean("a report");
}

/** What is left of the window when its programs are killed: the language server in mid-edit, then the whole extension host. */
export async function killedPrograms(user: WorkbenchUser): Promise<void> {
  const { page } = user;
  await user.openFile("first-msi.itscmd");
  await page.locator(".codelens-decoration", { hasText: "Run" }).first().waitFor();
  await user.press("Control+End");
  await user.type("\nnonsense ");
  process.kill(languageServer().pid, "SIGKILL");
  await user.type("while the server is gone");
  await page.locator(".view-line", { hasText: "nonsense while the server is gone" }).waitFor();
  await user.waitForSquiggle("error");
  await user.picture("trust-server-killed");
  if ((await page.locator(".notification-toast").count()) > 0) throw new Error("a server that came back was no news");
  await user.press("Control+Z", "Control+Z", "Control+Z", "Control+Z");

  await user.openFile("kvm-6.1-device-table.gicdump");
  await user.command("GIC: Decode Table");
  await (await user.frameWith("h1", "device-table")).locator('.row[data-row="0"]').waitFor();
  const old = languageServer();
  process.kill(old.parent, "SIGKILL");
  await user.waitUntil(async () => languageServers().some(({ pid }) => pid !== old.pid), "another language server");
  // The table is there again and answers.
  await user.waitUntil(async () => {
    const table = await user.frameWith("h1", "device-table");
    const row = table.locator('.row[data-row="0"]');
    return row.click({ timeout: 2000 }).then(
      () => table.locator(".details tbody td").first().isVisible(),
      () => false,
    );
  }, "the table of the new host");
  await user.picture("trust-host-restarted");
  await user.openFile("mistakes.itscmd");
  await user.waitForSquiggle("error");
}
