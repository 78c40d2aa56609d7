import { type Disposable, window } from "vscode";
import { requesterId } from "../../dumps/captures/requester-id.ts";
import { parseNumber } from "../../dumps/hex-text/hints.ts";
import { traceRequest } from "../../server/tables-protocol.ts";
import type { SessionTracker } from "../debug/session-tracker.ts";
import { registerCommand } from "../messages.ts";
import { texts } from "../texts.ts";
import { type AskTables, askAbout } from "./ask-tables.ts";
import type { InputSource } from "./input-source.ts";
import { sourceFor, told } from "./pick-source.ts";
import type { Question, ReportPanels } from "./report-panel.ts";

const MAX_ID = 0xffff_ffffn;

/** "Trace MSI…": the way of one MSI, to its first broken link. Ids may be passed on by a keybinding or another view. */
export function registerTraceCommand(ask: AskTables, panels: ReportPanels, tracker: SessionTracker): Disposable {
  /** What was asked for last: the same device is mostly asked for again. */
  let last = { deviceId: "", eventId: "0" };
  return registerCommand("gicWorkbench.traceMsi", (resource?: unknown, selected?: unknown, ids?: unknown) =>
    told(async () => {
      const source = await sourceFor(texts.tables.traceWhat(), resource, selected, tracker);
      if (source === undefined) return;
      const given = givenIds(ids) ?? (await askForIds(source, last));
      if (given === undefined) return;
      last = given;
      await panels.show(traceQuestion(ask, source, given));
    }),
  );
}

interface Ids {
  readonly deviceId: string;
  readonly eventId: string;
}

function givenIds(ids: unknown): Ids | undefined {
  const { deviceId, eventId } = (ids ?? {}) as Partial<Record<keyof Ids, unknown>>;
  return deviceId === undefined || eventId === undefined
    ? undefined
    : { deviceId: String(deviceId), eventId: String(eventId) };
}

async function askForIds({ name }: InputSource, last: Ids): Promise<Ids | undefined> {
  const { traceDevice, traceEvent, deviceHint, eventHint, notDevice, notEvent } = texts.tables;
  const deviceId = await window.showInputBox({
    title: traceDevice(name),
    prompt: deviceHint(),
    value: last.deviceId,
    validateInput: (text) => (requesterId(text.trim()) !== undefined || isId(text) ? undefined : notDevice()),
  });
  if (deviceId === undefined) return undefined;
  const eventId = await window.showInputBox({
    title: traceEvent(deviceId),
    prompt: eventHint(),
    value: last.eventId,
    validateInput: (text) => (isId(text) ? undefined : notEvent()),
  });
  return eventId === undefined ? undefined : { deviceId, eventId };
}

function isId(text: string): boolean {
  const value = parseNumber(text.trim());
  return value !== undefined && value <= MAX_ID;
}

export function traceQuestion(ask: AskTables, source: InputSource, ids: Ids): Question {
  const { deviceId, eventId } = ids;
  return {
    key: `trace ${source.key} ${deviceId} ${eventId}`,
    title: texts.tables.traceTitle(deviceId, eventId),
    kept: () => ({ kind: "trace", source: source.kept(), deviceId, eventId }),
    async ask() {
      const asked = await askAbout(ask, texts.tables.tracing(source.name), traceRequest, [source], ([input]) => ({
        input,
        deviceId,
        eventId,
      }));
      return asked && { report: asked.answer, sources: asked.sources };
    },
  };
}
