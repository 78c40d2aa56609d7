import { chooseTheme, everyTheme } from "./themes.ts";
import type { WorkbenchUser } from "./workbench-user.ts";

/** Widths of the side bar, in CSS pixels: little room, and plenty. */
const widths = { narrow: 200, wide: 480 } as const;

/**
 * Every view of a session in each theme, with a narrow and a wide side bar: `VIEW-THEME-WIDTH.png`. The interrupts stand in the side bar,
 * too, as a user may put them there.
 */
export async function liveMatrix(user: WorkbenchUser): Promise<void> {
  await user.openFile("first-msi.itscmd");
  await user.toggleBreakpoint(25);
  await user.debugUntilPaused("F5");
  await user.openActivity("GIC");
  const registers = await user.frameWith('[role="row"]', "CREADR");
  for (const name of ["BASER1", "TRANSLATER"]) {
    const row = registers.locator('[role="row"]', { hasText: name }).first();
    await row.waitFor();
    if (name === "BASER1") await row.locator(".twist").click();
  }
  await user.press("F1");
  for (const [input, row] of [
    [">View: Move View", "View: Move View"],
    ["Interrupts", "Interrupts"],
    ["GIC", "GIC"],
  ] as const)
    await user.pick(input, row);
  const interrupts = await user.frameWith('[role="row"]', "INTID");
  await interrupts.locator("input.filter").fill("lpi");
  await interrupts.locator('[role="row"]', { hasText: "8193" }).first().waitFor();
  await closePanel(user);
  await user.move(() => user.press("F10"));
  for (const theme of everyTheme) {
    await chooseTheme(user, theme);
    for (const [name, width] of Object.entries(widths)) {
      await user.setSideBarWidth(width);
      for (const view of ["Registers", "Interrupts", "Bits", "Command Queue"] as const) {
        await showAlone(user, view);
        await user.picture(`${fileName(view)}-${theme.name}-${name}`);
      }
      await user.command("View: Show Run and Debug");
      await user.rows(".debug-variables", "GITS_CTLR").first().waitFor();
      await user.picture(`debugger-${theme.name}-${name}`);
      await user.openActivity("GIC");
    }
    await user.setSideBarWidth(300);
    await user.command("Debug Console: Focus on Debug Console View");
    await user.picture(`console-${theme.name}`);
    await closePanel(user);
    await user.command("GIC: Interrupt Map of the Session");
    await user.frameWith(".line.event", "8193");
    await user.picture(`live-map-${theme.name}`);
    await user.page.locator(".tab", { hasText: "first-msi.itscmd" }).first().click();
  }
}

async function closePanel(user: WorkbenchUser): Promise<void> {
  const panel = user.page.locator(".part.panel");
  if (await panel.isVisible()) await user.press("Control+J");
  await panel.waitFor({ state: "hidden" });
}

const panes = ["Registers", "Interrupts", "Bits", "Command Queue"] as const;

/** Opens one view of the container, and closes the others. */
async function showAlone(user: WorkbenchUser, view: (typeof panes)[number]): Promise<void> {
  for (const name of [view, ...panes.filter((one) => one !== view)]) {
    const header = user.page.locator(".sidebar .pane-header", { hasText: name }).first();
    const isOpen = (await header.getAttribute("aria-expanded")) === "true";
    if (isOpen !== (name === view)) await header.click();
  }
  const seen: Readonly<Record<(typeof panes)[number], string>> = {
    Registers: "TRANSLATER",
    Interrupts: "8193",
    Bits: "[",
    "Command Queue": "MAPTI",
  };
  if (view === "Bits")
    await user.page.locator(".editor-group-container .view-line", { hasText: "MAPTI" }).first().click();
  await user.frameWith('[role="row"], .summary-line', seen[view]);
}

function fileName(view: string): string {
  return view.toLowerCase().replaceAll(" ", "-");
}

/** Widths of the window, in CSS pixels, beside a side bar of 200: an editor with little room, and with plenty. */
const windowWidths = { narrow: 760, wide: 1440 } as const;

/** What is asked about tables and dumps, in each theme, narrow and wide: `WINDOW-THEME-WIDTH.png`. */
export async function tablesMatrix(user: WorkbenchUser): Promise<void> {
  await user.openFile("migration-destination.gicdump");
  await user.openFile("migration-source.gicdump");
  await user.command("GIC: Compare With…");
  await user.choose("migration-destination", "migration-destination.gicdump");
  await user.frameWith("table td", "ITT");
  await user.openFile("damaged-tables.gicdump");
  await user.command("GIC: Check Tables…");
  await user.frameWith("td.bad", "");
  await user.openFile("damaged-tables.gicdump");
  await user.command("GIC: Interrupt Map…");
  await user.frameWith(".line", "DeviceID");
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
  await user.frameWith("h1", "MSI");
  await user.openFile("tables-with-remarks.gicdump");
  await user.command("View: Reopen Editor With...");
  await user.pick("GIC tables", "GIC tables");
  const table = await user.frameWith(".row", "0x");
  await table.locator(".row").nth(1).click();
  await table.locator(".details tbody tr").first().waitFor();
  await user.openFile("broken-tables.gicdump");
  await user.waitForSquiggle("error");
  await user.command("Problems: Focus on Problems View");
  const windows: Readonly<Record<string, string>> = {
    compare: "migration-destination.gicdump",
    check: "Check",
    map: "Map",
    trace: "MSI",
    "table-editor": "tables-with-remarks.gicdump",
    "dump-text": "broken-tables.gicdump",
  };
  await user.setSideBarWidth(200);
  for (const theme of everyTheme) {
    await chooseTheme(user, theme);
    for (const [size, width] of Object.entries(windowWidths)) {
      await user.page.setViewportSize({ width, height: 900 });
      for (const [name, title] of Object.entries(windows)) {
        await user.press("Control+P");
        await user.page.locator(".quick-input-widget input.input").fill(`edt ${title}`);
        await user.page.locator(".quick-input-list .monaco-list-row.focused").waitFor();
        await user.press("Enter");
        await user.picture(`${name}-${theme.name}-${size}`);
      }
    }
  }
}
