import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Frame, FrameLocator, Locator, Page, PageScreenshotOptions } from "playwright-core";

/** How long the editor may take to show what a step waits for, in ms. */
const patience = 30_000;

/**
 * A person at the workbench: every step is one that a user makes with keyboard and mouse, and waits until the workbench
 * shows its effect. A step whose effect does not come rejects with what was waited for.
 */
export class WorkbenchUser {
  readonly page: Page;
  private readonly pictures: string;

  /** @param pictures folder that {@link picture} writes into */
  constructor(page: Page, pictures: string) {
    this.page = page;
    this.pictures = pictures;
    page.setDefaultTimeout(patience);
  }

  /** Opens a file of the folder by the first entry that Quick Open has for its name. */
  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press("Control+P");
    await this.choose(name, path.basename(name));
    await this.page.locator(".tab.active", { hasText: path.basename(name) }).waitFor();
    await this.page.locator(".editor-group-container.active .view-line").first().waitFor();
  }

  /** Runs a command by its title from the command palette. */
  async command(title: string): Promise<void> {
    // A view that has only just come takes the focus, and the palette closes.
    const input = this.page.locator(".quick-input-widget input.input");
    const row = this.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: title }).first();
    await this.waitUntil(async () => {
      await this.page.keyboard.press("F1");
      return input
        .fill(`>${title}`, { timeout: 2000 })
        .then(() => row.waitFor({ timeout: 5000 }))
        .then(() => true)
        .catch(() => false);
    }, "the command palette");
    await this.choose(`>${title}`, title);
  }

  /** Presses a key or a chord: `F9`, `F10`, `Shift+F5`, `Control+Home`. */
  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** Puts the cursor on a line of the active editor, 1 = first. */
  async goToLine(line: number): Promise<void> {
    await this.page.keyboard.press("Control+G");
    await this.quickInput(`:${line}`);
    await this.page.keyboard.press("Enter");
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  /** Rests the mouse on the first occurrence of a text in the active editor until a hover shows, and returns its text. */
  async hoverText(text: string): Promise<string> {
    const token = this.page.locator(".editor-group-container.active .view-line span", { hasText: text }).last();
    await token.hover();
    const hover = this.page.locator(".monaco-hover:visible, .debug-hover-widget:visible").first();
    await hover.waitFor();
    return hover.innerText();
  }

  /** F9 on a line: the breakpoint's dot shows. */
  async toggleBreakpoint(line: number): Promise<void> {
    await this.goToLine(line);
    const dots = this.page.locator("[class*='codicon-debug-breakpoint']");
    const before = await dots.count();
    await this.press("F9");
    await this.waitUntil(async () => (await dots.count()) !== before, `the breakpoint on line ${line} to change`);
  }

  /** F5, F6 or F10 and the like: waits until the session stands still on a line. */
  async debugUntilPaused(key: "F5" | "F6" | "F10" | "F11" | "Shift+F11"): Promise<void> {
    await this.press(key);
    await this.page.locator(".debug-top-stack-frame-line, .debug-top-stack-frame-column").first().waitFor();
  }

  /** Moves a session that stands still, and waits until it stands on another line. */
  async move(act: () => Promise<void>): Promise<void> {
    const before = await this.frameMark();
    await act();
    await this.waitUntil(async () => {
      const now = await this.frameMark();
      return now !== undefined && now !== before;
    }, "the session to stand on another line");
  }

  /** Where the arrow of the top stack frame is in the window, or undefined while a session runs. */
  private async frameMark(): Promise<string | undefined> {
    const arrow = this.page.locator(".codicon-debug-stackframe:visible, .codicon-debug-breakpoint-stackframe:visible");
    const box = (await arrow.count()) === 0 ? null : await arrow.first().boundingBox();
    return box === null ? undefined : `${box.x},${box.y}`;
  }

  /** Saves the active editor. */
  async save(): Promise<void> {
    await this.press("Control+S");
    await this.page.locator(".tab.active.dirty").waitFor({ state: "hidden" });
  }

  async stopDebugging(): Promise<void> {
    await this.press("Shift+F5");
    await this.page.locator(".debug-toolbar").waitFor({ state: "hidden" });
  }

  /** Rows of a tree as they show: `.debug-variables`, a view of ours, the outline. */
  rows(container: string, text?: string): Locator {
    return this.page.locator(`${container} .monaco-list-row`, text === undefined ? {} : { hasText: text });
  }

  /** Opens a row of a tree if it is closed. */
  async expand(row: Locator): Promise<void> {
    await row.first().waitFor();
    if ((await row.first().getAttribute("aria-expanded")) === "true") return;
    await row.first().click();
    await this.press("ArrowRight");
  }

  /** Opens a container of the activity bar by its title. */
  async openActivity(title: string): Promise<void> {
    await this.page
      .locator(".activitybar .action-item a", { hasText: title })
      .or(this.page.getByRole("tab", { name: title }))
      .first()
      .click();
  }

  /** Drags the border of the side bar by some pixels. */
  async widenSideBar(by: number): Promise<void> {
    const box = await this.page.locator(".part.sidebar").boundingBox();
    if (box === null) throw new Error("there is no side bar");
    const y = box.y + box.height / 2;
    await this.page.mouse.move(box.x + box.width, y);
    await this.page.mouse.down();
    await this.page.mouse.move(box.x + box.width + by, y, { steps: 8 });
    await this.page.mouse.up();
  }

  /** Makes the side bar this wide, in CSS pixels. */
  async setSideBarWidth(width: number): Promise<void> {
    const bar = this.page.locator(".part.sidebar");
    const box = await bar.boundingBox();
    if (box === null) throw new Error("there is no side bar");
    await this.widenSideBar(width - box.width);
    await this.waitUntil(async () => {
      const now = await bar.boundingBox();
      return now !== null && Math.abs(now.width - width) <= 2;
    }, `a side bar of ${width} pixels`);
  }

  /** Chooses from the menu that a right click opens. */
  async menu(on: Locator, title: string, picture?: string): Promise<void> {
    await on.click({ button: "right" });
    const entry = this.page.locator(".monaco-menu .action-label", { hasText: title }).first();
    await entry.waitFor();
    if (picture !== undefined) await this.picture(picture);
    // A menu that has only just come takes no click.
    await this.waitUntil(async () => {
      await entry.click({ timeout: 1000 }).catch(() => undefined);
      return !(await entry.isVisible());
    }, `the menu to take ${title}`);
  }

  /** The content of the view that holds an element, where several views show. */
  async frameWith(selector: string, text: string): Promise<Frame> {
    let found: Frame | undefined;
    await this.waitUntil(async () => {
      for (const frame of this.page.frames()) {
        const shown = frame.locator(selector, { hasText: text }).first();
        if (await shown.isVisible().catch(() => false)) found = frame;
      }
      return found !== undefined;
    }, `${text} in a view`);
    if (found === undefined) throw new Error(`no view shows ${text}`);
    return found;
  }

  /** Waits for an underlined mistake in the active editor. */
  async waitForSquiggle(severity: "error" | "warning" | "info" | "hint" = "error"): Promise<void> {
    await this.page.locator(`.editor-group-container .squiggly-${severity}`).first().waitFor();
  }

  /** The content of the webview that shows. */
  webview(): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
  }

  /** Takes a picture `NAME.png` once the window stands still, and says where it is. */
  async picture(name: string, clip?: PageScreenshotOptions["clip"]): Promise<void> {
    const file = path.join(this.pictures, `${name}.png`);
    mkdirSync(path.dirname(file), { recursive: true });
    const options: PageScreenshotOptions = { animations: "disabled", ...(clip === undefined ? {} : { clip }) };
    let shown = await this.page.screenshot(options);
    await this.waitUntil(async () => {
      const before = shown;
      shown = await this.page.screenshot(options);
      return shown.equals(before);
    }, "the window to stand still");
    writeFileSync(file, shown);
    console.log(`  ${file}`);
  }

  /** Takes a picture `NAME.webp` of a few KB, for the package. A browser makes it: no other program is needed. */
  async smallPicture(name: string, clip: PageScreenshotOptions["clip"]): Promise<void> {
    await this.picture(name, clip);
    const file = path.join(this.pictures, name);
    const converter = await this.page.context().newPage();
    const png = readFileSync(`${file}.png`).toString("base64");
    const webp = await converter.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes]));
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      canvas.getContext("2d")?.drawImage(picture, 0, 0);
      const blob = await canvas.convertToBlob({ type: "image/webp", quality: 0.1 });
      let text = "";
      for (const byte of new Uint8Array(await blob.arrayBuffer())) text += String.fromCharCode(byte);
      return btoa(text);
    }, png);
    await converter.close();
    writeFileSync(`${file}.webp`, Buffer.from(webp, "base64"));
  }

  /** Takes a picture of a window in which something goes on: it is not waited for. */
  async movingPicture(name: string): Promise<void> {
    mkdirSync(this.pictures, { recursive: true });
    const file = path.join(this.pictures, `${name}.png`);
    await this.page.screenshot({ path: file });
    console.log(`  ${file}`);
  }

  /** Asks again and again until the answer is yes. */
  async waitUntil(ask: () => Promise<boolean>, what: string): Promise<void> {
    const deadline = Date.now() + patience;
    while (!(await ask())) {
      if (Date.now() > deadline) throw new Error(`waited ${patience} ms for ${what}`);
      await this.page.waitForTimeout(50);
    }
  }

  /** Types into the list that shows and takes the first row with a text. */
  async choose(input: string, row: string): Promise<void> {
    await this.quickInput(input);
    // Until the list is filtered, Enter would take another row.
    await this.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: row }).first().waitFor();
    await this.page.keyboard.press("Enter");
    await this.page
      .locator(".quick-input-list .monaco-list-row", { hasText: row })
      .first()
      .waitFor({ state: "hidden" });
  }

  /** Types into the list that shows and clicks the row whose text is exactly this one. */
  async pick(input: string, row: string): Promise<void> {
    await this.quickInput(input);
    const exact = this.page.locator(".quick-input-list .monaco-list-row .label-name").getByText(row, { exact: true });
    await exact.first().click();
  }

  private async quickInput(text: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget input.input");
    await input.waitFor();
    await input.fill(text);
  }
}
