import type { Frame } from "playwright-core";
import { checkPage, complaints, type Finding } from "../accessibility/axe.ts";
import { chooseTheme, everyTheme, type Theme } from "./themes.ts";
import type { WorkbenchUser } from "./workbench-user.ts";

/** The page of a view as it shows in the window. */
interface OpenPage {
  readonly name: string;
  readonly frame: Frame;
}

/** Opens pages beside each other, and gives those that show. */
type Group = (user: WorkbenchUser) => Promise<readonly OpenPage[]>;

/**
 * Every page of the extension, in some window, looked at by axe-core in themes; `accessibility-N-THEME.png` of each window.
 * @param themes that are chosen one after the other; a single one is what the window has
 * @returns what was found, of which {@link complaints} makes what is wrong
 */
export async function accessibility(user: WorkbenchUser, themes: readonly Theme[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const [at, group] of groups.entries()) {
    const pages = await group(user);
    for (const theme of themes) {
      if (themes.length > 1) await chooseTheme(user, theme);
      if (themes.length > 1) await user.picture(`accessibility-${at + 1}-${theme.name}`);
      for (const { name, frame } of pages) findings.push(await checkPage(frame, name, theme.title));
    }
    await user.command("View: Close All Editors");
  }
  return findings;
}

/** The theme of the window in {@link accessibleViews}: the one whose colours are the closest to each other. */
export const accessibleSettings = { "workbench.colorTheme": "Default Light Modern" } as const;

/** As a scene, in the one theme that its window has. @throws Error with what axe-core complains of */
export async function accessibleViews(user: WorkbenchUser): Promise<void> {
  const wrong = complaints(await accessibility(user, [everyTheme[1]]));
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
}

const groups: readonly Group[] = [
  // Without a session: what views say then; and the editor of tables, with an entry, its fields and its reading.
  async (user) => {
    await user.openActivity("GIC");
    const welcome = await user.frameWith(".welcome", "This shows here");
    await user.openFile("tables-with-remarks.gicdump");
    await user.command("GIC: Decode Table");
    await user.frameWith(".row", "0x");
    await user.command("View: Close Editors in Other Groups");
    const tables = await user.frameWith(".tree .node", "");
    await tables.locator(".row").nth(1).click();
    await tables.locator(".details tbody tr").first().waitFor();
    await tables.locator(".reading summary").click();
    return [
      { name: "live view without a session", frame: welcome },
      { name: "table editor", frame: tables },
    ];
  },
  async (user) => {
    await user.openFile("damaged-tables.gicdump");
    await user.command("GIC: Check Tables…");
    return [{ name: "report of a check", frame: await user.frameWith("td.bad", "") }];
  },
  async (user) => {
    await user.openFile("migration-destination.gicdump");
    await user.openFile("migration-source.gicdump");
    await user.command("GIC: Compare With…");
    await user.choose("migration-destination", "migration-destination.gicdump");
    return [{ name: "report of a comparison", frame: await user.frameWith("table td", "") }];
  },
  async (user) => {
    await user.openFile("damaged-tables.gicdump");
    await user.command("GIC: Trace MSI…");
    for (const [title, text] of [
      ["Trace an MSI", "0x10"],
      ["EventID of", "1"],
    ] as const) {
      await user.page.locator(".quick-input-title", { hasText: title }).waitFor();
      await user.page.locator(".quick-input-widget input.input").fill(text);
      await user.press("Enter");
    }
    return [{ name: "trace of an MSI", frame: await user.frameWith("table td", "") }];
  },
  async (user) => {
    await user.openFile("damaged-tables.gicdump");
    await user.command("GIC: Interrupt Map");
    return [{ name: "interrupt map of a capture", frame: await user.frameWith(".line", "") }];
  },
  // A session, with all that shows of it.
  async (user) => {
    await user.openFile("first-msi.itscmd");
    await user.toggleBreakpoint(25);
    await user.debugUntilPaused("F5");
    await user.page.locator(".editor-group-container.active .view-line", { hasText: "MAPTI" }).last().click();
    await user.command("Interrupts: Focus on Interrupts View");
    const interrupts = await user.frameWith('[role="row"]', "INTID");
    await interrupts.locator('[role="gridcell"]').first().waitFor();
    await interrupts.locator(".live-grid").press("ArrowDown");
    await user.command("GIC: Interrupt Map of the Session");
    const map = await user.frameWith(".line.event", "8193");
    await user.openActivity("GIC");
    const registers = await user.frameWith('[role="row"]', "CREADR");
    await registers.locator('[role="row"]', { hasText: "BASER1" }).first().locator(".twist").click();
    await user.command("GIC: Focus on Command Queue View");
    const queue = await user.frameWith('[role="row"]', "MAPTI");
    await queue.locator(".live-grid").press("ArrowDown");
    await user.command("GIC: Focus on Timeline View");
    const timeline = await user.frameWith('[role="row"]', "msi");
    await user.command("GIC: Focus on Bits View");
    const bits = await user.frameWith("h1", "Bits");
    await bits.locator('[role="gridcell"]').first().waitFor();
    return [
      { name: "registers", frame: registers },
      { name: "interrupts", frame: interrupts },
      { name: "command queue", frame: queue },
      { name: "timeline", frame: timeline },
      { name: "bits", frame: bits },
      { name: "interrupt map of a session", frame: map },
    ];
  },
];
