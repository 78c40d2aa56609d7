import type { Disposable } from "vscode";
import { mapRequest } from "../../server/tables-protocol.ts";
import type { SessionTracker } from "../debug/session-tracker.ts";
import { registerCommand } from "../messages.ts";
import { texts } from "../texts.ts";
import { type AskTables, askAbout } from "./ask-tables.ts";
import type { InputSource } from "./input-source.ts";
import type { MapPanels, MapSource } from "./map-panel.ts";
import { sourceFor, told } from "./pick-source.ts";
import type { EntryRevealer } from "./reveal-entry.ts";

/** "Interrupt Map…": which events of which devices go where. */
export function registerMapCommand(
  ask: AskTables,
  panels: MapPanels,
  revealer: EntryRevealer,
  tracker: SessionTracker,
): Disposable {
  return registerCommand("gicWorkbench.interruptMap", (resource?: unknown, selected?: unknown) =>
    told(async () => {
      const source = await sourceFor(texts.tables.mapWhat(), resource, selected, tracker);
      if (source !== undefined) await panels.show(mapSource(ask, revealer, source));
    }),
  );
}

export function mapSource(ask: AskTables, revealer: EntryRevealer, source: InputSource): MapSource {
  return {
    key: source.key,
    title: texts.tables.mapTitle(source.name),
    kept: () => ({ kind: "map", source: source.kept() }),
    async make() {
      const asked = await askAbout(ask, texts.tables.mapping(source.name), mapRequest, [source], ([input]) => ({
        input,
      }));
      if (asked === undefined) return undefined;
      const { answer: made, sources } = asked;
      return {
        map: made.map,
        detail: made.detail,
        reveal: ({ address, bytes }) => {
          const file = made.files.findLast(({ from }) => from <= Number(address))?.file;
          return revealer.reveal({ input: 0, file, address, bytes }, sources[0].uris.get(file ?? ""));
        },
      };
    },
  };
}
