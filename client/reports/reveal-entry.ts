import { commands, Range, type Uri, ViewColumn, window, workspace } from "vscode";
import type { DumpDocument } from "../../dumps/document.ts";
import { placeOfAddress } from "../../dumps/hex-text/line-groups.ts";
import type { EntryLink } from "../../server/tables-protocol.ts";
import { readDumpAt } from "../dumps/dump-source.ts";
import type { DumpStore } from "../dumps/dump-store.ts";
import { nameOf } from "../file-names.ts";
import { showInformation } from "../messages.ts";
import type { StateDumps } from "../saved-machines/state-dumps.ts";
import { texts } from "../texts.ts";

/** Shows the entry that a report names: in the text of its dump; of a saved machine in the dump that is made of it. */
export class EntryRevealer {
  private readonly store: DumpStore;
  private readonly stateDumps: StateDumps;

  constructor(store: DumpStore, stateDumps: StateDumps) {
    this.store = store;
    this.stateDumps = stateDumps;
  }

  /** @param uri of the link's file; undefined where it is none, as the machine of a session */
  async reveal({ file, address, bytes }: EntryLink, uri: Uri | undefined): Promise<void> {
    if (uri === undefined) {
      showInformation(texts.tables.nowhere(address, file ?? ""));
      return;
    }
    const read = await readDumpAt(uri, this.store);
    if (read.ok) {
      await this.select(uri, read.dump, Number(address), bytes);
      return;
    }
    if (read.isState) {
      const made = await this.stateDumps.make(uri);
      if ("message" in made) throw new Error(made.message);
      const dump = await readDumpAt(made.uri, this.store);
      if (!dump.ok) throw new Error(dump.message);
      await this.select(made.uri, dump.dump, Number(address), bytes);
      return;
    }
    // Raw bytes, a core, a saved guest: what the editor has for such files shows, and the address is said.
    await commands.executeCommand("vscode.open", uri, { preview: true });
    showInformation(texts.tables.inBinary(address, nameOf(uri)));
  }

  private async select(uri: Uri, dump: DumpDocument, address: number, bytes: number): Promise<void> {
    const range = rangeOf(dump, address, bytes);
    if (range === undefined) {
      showInformation(texts.tables.notInDump(`0x${address.toString(16)}`, nameOf(uri)));
      return;
    }
    const open = window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
    const document = open?.document ?? (await workspace.openTextDocument(uri));
    // Beside the report and not over it.
    const elsewhere = window.visibleTextEditors[0]?.viewColumn ?? ViewColumn.Beside;
    await window.showTextDocument(document, { viewColumn: open?.viewColumn ?? elsewhere, selection: range });
  }
}

/** The decoder's address of a byte whose address in memory is given: a dump that begins at 0 has its base beside its own addresses. */
function ownAddress({ memory }: DumpDocument, address: number): number {
  const windows = memory.windows.length > 0 ? memory.windows : [{ origin: memory.origin }];
  const held = windows
    .map(({ origin }) => address - Number(origin))
    .find((own) => Number.isSafeInteger(own) && own >= 0 && memory.holds(own));
  return held ?? address;
}

/** Where bytes stand in the text of a dump; undefined where they do not. */
function rangeOf(dump: DumpDocument, address: number, bytes: number): Range | undefined {
  const own = ownAddress(dump, address);
  const first = placeOfAddress(dump, own);
  const last = placeOfAddress(dump, own + Math.max(bytes, 1) - 1);
  if (first !== undefined && last !== undefined) {
    // Digits of a little-endian number run from its last byte to its first.
    const [from, to] = [first, last].sort((a, b) => a.line - b.line || a.start - b.start);
    return new Range(from.line - 1, from.start, to.line - 1, to.end);
  }
  const line = dump.text?.lines.lineOf(own);
  return line === undefined ? undefined : new Range(line - 1, 0, line, 0);
}
