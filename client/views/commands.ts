import { Disposable, env, Uri, window, workspace } from "vscode";
import type { RunBackArguments } from "../../debug-adapter/protocol.ts";
import { registerCommand, showError, showStatus } from "../messages.ts";
import { type LiveViewName, tableCommands } from "../shared/view-ids.ts";
import { type TableForm, tableForms } from "../shared/view-messages.ts";
import { texts } from "../texts.ts";
import { writeWhole } from "../write-whole.ts";
import type { LiveViews } from "./live-views.ts";
import { showPlace } from "./script-place.ts";
import { viewTexts } from "./view-texts.ts";

/** What a menu of a row gives: see `context` of the pages' rows. */
interface RowContext {
  readonly watch?: unknown;
  readonly cellText?: unknown;
  readonly its?: unknown;
  readonly device?: unknown;
  readonly event?: unknown;
  readonly line?: unknown;
  readonly command?: unknown;
  readonly field?: unknown;
  readonly name?: unknown;
  readonly address?: unknown;
  readonly pin?: unknown;
  readonly radix?: unknown;
}

/** What a menu of the editor's Variables view gives, as far as it is looked at. */
interface VariableContext {
  readonly container?: { readonly variablesReference?: unknown };
  readonly variable?: { readonly name?: unknown; readonly evaluateName?: unknown };
}

/** The commands of live views: in menus of their rows, in their titles, and in the palette. */
export function registerLiveCommands(views: LiveViews): Disposable {
  return Disposable.from(
    registerCommand("gicWorkbench.live.goToLine", async (row?: RowContext) => {
      if (typeof row?.line === "number") await showPlace(views.live, { line: row.line });
      else if (typeof row?.device === "number") {
        const { device, event, its } = row;
        await showPlace(views.live, { device, ...numbered("event", event), ...numbered("its", its) });
      } else if (typeof row?.watch === "string") await showPlace(views.live, { expression: row.watch });
    }),
    registerCommand("gicWorkbench.bits.change", async (row?: RowContext, given?: unknown) => {
      const field =
        typeof row?.field === "string" ? row.field : await window.showInputBox({ prompt: viewTexts.field() });
      if (field === undefined) return;
      const prompt = viewTexts.valueOf(field);
      const value = typeof given === "string" ? given : await window.showInputBox({ prompt });
      if (value !== undefined) await views.ask("bits", "act", { action: "set", key: field, value });
    }),
    registerCommand("gicWorkbench.recreateScript", async () => {
      const { text, left } = await views.live.ask("gic/recreate", {});
      const document = await workspace.openTextDocument({ language: "itscmd", content: text });
      await window.showTextDocument(document);
      if (left > 0) showStatus(viewTexts.recreatedOtherwise(left));
    }),
    registerCommand("gicWorkbench.timeline.go", async (row?: RowContext) => {
      if (typeof row?.line !== "number") return;
      await views.live.ask("gic/goTo", { line: row.line, ...numbered("command", row.command) });
    }),
    registerCommand("gicWorkbench.live.whoChanged", async (row?: RowContext) => {
      if (typeof row?.watch === "string") await showPlace(views.live, { expression: row.watch });
    }),
    registerCommand("gicWorkbench.runBack", async (from?: RowContext & VariableContext) => {
      const wanted = variableOf(from) ?? (await expressionOf(from?.watch));
      if (wanted === undefined) return;
      const { expression, line } = await views.live.ask("gic/runBack", wanted);
      showStatus(viewTexts.wentBack(expression, line));
    }),
    registerCommand("gicWorkbench.live.breakOnChange", async (row?: RowContext) => {
      if (typeof row?.watch !== "string") return showStatus(viewTexts.nothingWatched());
      const session = views.live.stopped();
      const refused = await views.watches.toggle(session, row.watch);
      if (refused !== undefined) showError(viewTexts.notWatchable(row.watch, refused));
      else {
        const isOn = views.watches.watched(session).includes(row.watch);
        showStatus(isOn ? viewTexts.watching(row.watch) : viewTexts.notWatching(row.watch));
      }
    }),
    registerCommand("gicWorkbench.live.copyValue", async (row?: RowContext) => {
      await copy(row?.cellText);
    }),
    registerCommand("gicWorkbench.registers.copyName", (row?: RowContext) => copy(row?.name)),
    registerCommand("gicWorkbench.registers.copyAddress", (row?: RowContext) => copy(row?.address)),
    registerCommand("gicWorkbench.registers.pin", async (row?: RowContext) => {
      if (typeof row?.pin === "string") await views.ask("registers", "act", { action: "pin", key: row.pin });
    }),
    registerCommand("gicWorkbench.registers.open", async (key?: unknown) => {
      if (typeof key === "string") await views.ask("registers", "act", { action: "toggle", key });
    }),
    registerCommand("gicWorkbench.registers.showAs", async (row?: RowContext, given?: unknown) => {
      if (typeof row?.radix !== "string") return;
      const names = viewTexts.radix;
      const items = (["hex", "plain", "dec", "bin", "default"] as const).map((value) => ({
        label: names[value](),
        value,
      }));
      const placeHolder = viewTexts.showAs(row.radix);
      const value = typeof given === "string" ? given : (await window.showQuickPick(items, { placeHolder }))?.value;
      if (value !== undefined) await views.ask("registers", "act", { action: "radix", key: row.radix, value });
    }),
    ...(["interrupts", "registers", "timeline"] as const).map((view) =>
      registerCommand(tableCommands[view].filter, async (text?: unknown) => {
        await views.ask(view, "filter", typeof text === "string" ? { text } : {});
      }),
    ),
    ...(["interrupts", "registers", "queue", "timeline"] as const).flatMap((view) => [
      registerCommand(tableCommands[view].copy, (form?: unknown) => copyTable(views, view, form)),
      registerCommand(tableCommands[view].export, (form?: unknown, file?: unknown) =>
        exportTable(views, view, form, file),
      ),
    ]),
  );
}

/** What the menu of a variable is about; undefined for what is none. */
function variableOf({ container, variable }: VariableContext = {}): RunBackArguments | undefined {
  if (typeof variable?.evaluateName === "string" && variable.evaluateName !== "")
    return { expression: variable.evaluateName };
  const variablesReference = container?.variablesReference;
  if (typeof variable?.name !== "string" || typeof variablesReference !== "number") return undefined;
  return { variablesReference, name: variable.name };
}

/** The value that a menu of a row is about, or else the one that the user writes. */
async function expressionOf(watch: unknown): Promise<RunBackArguments | undefined> {
  if (typeof watch === "string") return { expression: watch };
  const options = { prompt: viewTexts.runBackTo(), placeHolder: "ite[0x10, 1].ICID" };
  const expression = (await window.showInputBox(options))?.trim();
  return expression === undefined || expression === "" ? undefined : { expression };
}

async function copy(text: unknown): Promise<void> {
  if (typeof text !== "string") return;
  await env.clipboard.writeText(text);
  showStatus(texts.copied(text));
}

function numbered<Name extends string>(name: Name, value: unknown): { readonly [Key in Name]?: number } {
  return (typeof value === "number" ? { [name]: value } : {}) as { readonly [Key in Name]?: number };
}

async function copyTable(views: LiveViews, view: LiveViewName, form: unknown): Promise<void> {
  const chosen = await formOf(form);
  if (chosen === undefined) return;
  const { text } = await views.ask(view, "table", { form: chosen });
  await env.clipboard.writeText(text);
  showStatus(viewTexts.copiedTable(text.split("\n").length - 1));
}

async function exportTable(views: LiveViews, view: LiveViewName, form: unknown, file: unknown): Promise<void> {
  const chosen = await formOf(form);
  if (chosen === undefined) return;
  const extension = { text: "txt", markdown: "md", csv: "csv", json: "json" }[chosen];
  const to =
    file instanceof Uri ? file : await window.showSaveDialog({ filters: { [viewTexts.form[chosen]()]: [extension] } });
  if (to === undefined) return;
  const { text } = await views.ask(view, "table", { form: chosen });
  await writeWhole(to, new TextEncoder().encode(text));
}

async function formOf(given: unknown): Promise<TableForm | undefined> {
  const known = tableForms.find((form) => form === given);
  if (known !== undefined) return known;
  const items = tableForms.map((form) => ({ label: viewTexts.form[form](), form }));
  return (await window.showQuickPick(items, { placeHolder: viewTexts.copyAs() }))?.form;
}
