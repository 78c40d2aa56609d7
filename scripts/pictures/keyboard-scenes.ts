/// <reference lib="dom" />
import type { Frame } from "playwright-core";
import type { WorkbenchUser } from "./workbench-user.ts";

/** What has the keyboard: the page of a view, and the element in it. */
interface Focus {
  readonly frame: Frame;
  /** Its role, else its tag. */
  readonly kind: string;
  /** Its label, else its text. */
  readonly text: string;
  /** Whether a ring, or a row that it marks, shows where it is. */
  readonly isVisible: boolean;
}

/** Everything of the table editor, by keyboard alone: no step uses the mouse, and at each one it shows where the keyboard is. */
export async function tablesByKeyboard(user: WorkbenchUser): Promise<void> {
  await user.openFile("tables-with-remarks.gicdump");
  await user.command("GIC: Decode Table");
  const table = await user.frameWith("h1", "device-table");
  await keyboardOn(user, "grid", "the rows, when the table is opened");
  await user.press("ArrowDown", "ArrowDown");
  await table.locator('.row.selected[data-row="1"]').waitFor();
  await user.picture("keyboard-tables-row");

  await user.press("Control+F");
  await keyboardOn(user, "input", "the filter");
  await user.type("0x2");
  await table.locator(".row").first().waitFor({ state: "hidden" });
  await user.press("Control+A", "Delete");
  await table.locator(".row").first().waitFor();
  await user.press("ArrowDown");
  await keyboardOn(user, "grid", "the rows, from the filter");

  await tabTo(user, "columnheader", "ITT");
  await user.press("Enter");
  await table.locator('[role="columnheader"][aria-sort]', { hasText: "ITT" }).waitFor();
  await keyboardOn(user, "columnheader", "the heading that rows are sorted by");

  await user.press("Control+G");
  await keyboardOn(user, "input", "the field of where to go");
  await user.type("INTID 8194");
  await user.press("Enter");
  await table.locator("h1", { hasText: "itt" }).waitFor();
  await table.locator(".row.selected").waitFor();
  await keyboardOn(user, "grid", "the rows, at what was gone to");

  await user.press("Enter");
  await keyboardOn(user, "tr", "the fields of the entry");
  await user.press("ArrowDown", "F2");
  await keyboardOn(user, "input", "the value of a field");
  await user.picture("keyboard-tables-edit");
  const before = await table.locator(".details .value input").inputValue();
  await user.type("8199");
  await user.press("Enter");
  await user.page.locator(".tab.dirty", { hasText: "tables-with-remarks" }).first().waitFor();
  await table.locator(".details .value", { hasText: "8199" }).waitFor();
  await keyboardOn(user, "tr", "the field that was changed");
  await user.picture("keyboard-tables-edited");
  await user.press("Control+Z");
  await table.locator(".details .value", { hasText: before }).first().waitFor();
  await keyboardOn(user, "tr", "the field whose change was taken back");
  await user.press("Control+S");
  await user.page.locator(".tab.dirty").waitFor({ state: "hidden" });
  await user.press("Escape");
  await keyboardOn(user, "grid", "the rows, from the fields");

  await user.command("View: Close Editors in Other Groups");
  await table.locator(".tree .node").nth(1).waitFor();
  await keyboardOn(user, "grid", "the rows, when the text beside is closed");
  await tabTo(user, "treeitem", "", "Shift+Tab");
  await user.press("Home", "Enter");
  await table.locator("h1", { hasText: "device-table" }).waitFor();
  await keyboardOn(user, "treeitem", "the tree of tables, after a choice");
  await tabTo(user, "summary", "");
  await user.press("Enter");
  await tabTo(user, "select", "");
  await user.picture("keyboard-tables-layout");
  await tabTo(user, "grid", "device-table");
  await user.press("ArrowDown");
  await table.locator(".details tbody tr").first().waitFor();
  await tabTo(user, "button", "Copy as");
  await user.press("Enter");
  await user.page.locator(".quick-input-list .monaco-list-row").first().waitFor();
  await user.press("Escape");
  await keyboardOn(user, "any", "the page that asked for a choice");

  await asText(user, "device-table @ 0x40100000.txt");
  await user.picture("keyboard-tables-text");
  await user.press("Control+W");
  await user.frameWith("h1", "device-table");
  await keyboardOn(user, "grid", "the rows, when their text is closed");
}

/** A live view by keyboard alone: what is debugged is watched, searched, opened, changed and gone to. */
export async function liveViewsByKeyboard(user: WorkbenchUser): Promise<void> {
  await user.openFile("first-msi.itscmd");
  await user.goToLine(26);
  await user.press("F9");
  await user.debugUntilPaused("F5");
  await user.command("GIC: Focus on Registers View");
  const registers = await user.frameWith('[role="row"]', "CREADR");
  await keyboardOn(user, "treegrid", "the registers, when their view is gone to");
  await user.press("Home", "ArrowLeft");
  await registers.locator('[role="row"][aria-level="1"][aria-expanded="false"].selected').waitFor();
  await user.press("ArrowRight");
  await keyboardOn(user, "treegrid", "the group that was opened");
  await user.press("ArrowDown", "ArrowRight");
  await registers.locator('[role="row"].field', { hasText: "Enabled" }).first().waitFor();
  await keyboardOn(user, "treegrid", "the register that was opened");
  await user.press("Control+F");
  await keyboardOn(user, "input", "the filter of registers");
  await user.type("ctlr");
  await registers
    .locator('[role="row"]', { hasText: "registers" })
    .or(registers.locator(".status", { hasText: "registers" }))
    .first()
    .waitFor();
  await user.press("ArrowDown");
  await keyboardOn(user, "treegrid", "the registers that were found");
  await asText(user, "Registers.txt");
  await user.command("GIC: Focus on Registers View");
  await keyboardOn(user, "treegrid", "the registers, when their view is gone back to");
  await user.press("Shift+F10");
  await user.page.locator(".monaco-menu .action-label", { hasText: "Copy" }).first().waitFor();
  await user.picture("keyboard-live-menu");
  await user.press("Escape");

  await user.command("Interrupts: Focus on Interrupts View");
  const interrupts = await user.frameWith('[role="row"]', "INTID");
  await keyboardOn(user, "grid", "the interrupts, when their view is gone to");
  await user.press("Control+F");
  await user.type("lpi");
  await interrupts.locator('[role="row"]', { hasText: "8193" }).first().waitFor();
  await user.press("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight");
  await interrupts.locator('.row.selected .active[data-column="pending"]').waitFor();
  await user.press("Enter");
  await interrupts.locator('.row.selected .changed[data-column="pending"]').waitFor();
  await keyboardOn(user, "grid", "the interrupt that was changed");
  await user.picture("keyboard-live-interrupts");
  await tabTo(user, "columnheader", "Priority");
  await user.press("Enter");
  await interrupts.locator('[role="columnheader"][aria-sort]', { hasText: "Priority" }).waitFor();
  await keyboardOn(user, "columnheader", "the heading that interrupts are sorted by");

  await user.command("GIC: Interrupt Map of the Session");
  await user.frameWith(".line.event", "8193");
  await keyboardOn(user, "tree", "the devices of the map");
  await user.press("ArrowDown", "Enter");
  await user.page.locator(".editor-group-container.active .tab.active", { hasText: "first-msi.itscmd" }).waitFor();
  await user.command("GIC: Interrupt Map of the Session");
  await user.frameWith(".line.event", "8193");
  await user.press("Tab");
  await asText(user, "Interrupt Map of the Session.txt");
}

/** Has the view that has the keyboard shown as text, in which the keyboard is then. */
async function asText(user: WorkbenchUser, title: string): Promise<void> {
  await user.press("Alt+F2");
  await user.page.locator(".editor-group-container.active .tab.active", { hasText: title }).waitFor();
  await user.page.locator(".editor-group-container.active .monaco-editor.focused .view-line").first().waitFor();
}

/** Waits until the keyboard is on an element of a page, and shows there. @param kind role, else tag; `any`: of whatever kind */
async function keyboardOn(user: WorkbenchUser, kind: string, what: string): Promise<void> {
  let now: Focus | undefined;
  const isThere = async (): Promise<boolean> => {
    now = await focusOf(user);
    return now !== undefined && (kind === "any" || now.kind === kind) && now.isVisible;
  };
  try {
    await user.waitUntil(isThere, what);
  } catch (error) {
    const place =
      now === undefined ? "on no page" : `on ${now.kind} “${now.text.slice(0, 60)}”${now.isVisible ? "" : ", unseen"}`;
    throw new Error(`the keyboard should be on ${what}, and is ${place}`, { cause: error });
  }
}

/** Presses Tab until an element has the keyboard. @param text that its label or text begins with */
async function tabTo(user: WorkbenchUser, kind: string, text: string, key = "Tab"): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 40; presses++) {
    await user.press(key);
    const now = await focusOf(user);
    if (now?.kind === kind && now.text.startsWith(text)) return;
    passed.push(`${now?.kind ?? "?"} ${now?.text.slice(0, 20) ?? ""}`);
    if (now !== undefined && !now.isVisible) throw new Error(`nothing shows that ${passed.at(-1)} has the keyboard`);
  }
  throw new Error(`${key} does not come to ${kind} ${text}, but to ${passed.join(", ")}`);
}

/** The element that has the keyboard, in whichever page. */
async function focusOf(user: WorkbenchUser): Promise<Focus | undefined> {
  for (const frame of user.page.frames()) {
    const found = await frame
      .evaluate(() => {
        const active = document.activeElement;
        if (!(active instanceof HTMLElement || active instanceof SVGElement)) return undefined;
        if (!document.hasFocus() || active === document.body || active.tagName === "IFRAME") return undefined;
        const text = active.getAttribute("aria-label") ?? active.textContent ?? "";
        const hasRing = (one: Element): boolean => {
          const { outlineStyle, outlineWidth } = getComputedStyle(one);
          return outlineStyle !== "none" && outlineWidth !== "0px";
        };
        const marked = active.querySelector(".selected, .active");
        const isMarked = marked !== null && getComputedStyle(marked).backgroundColor !== "rgba(0, 0, 0, 0)";
        const tag = active.tagName.toLowerCase();
        const kind = active.getAttribute("role") ?? tag;
        return {
          kind,
          text: text.trim(),
          isVisible: hasRing(active) || isMarked || (marked !== null && hasRing(marked)),
        };
      })
      .catch(() => undefined);
    if (found !== undefined && frame !== user.page.mainFrame()) return { frame, ...found };
  }
  return undefined;
}
