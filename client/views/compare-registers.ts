import { type Disposable, type QuickPickItem, Uri, window } from "vscode";
import type { CompareRegistersArguments, TimelineRow } from "../../debug-adapter/views-protocol.ts";
import { registersRequest } from "../../server/tables-protocol.ts";
import type { SessionTracker } from "../debug/session-tracker.ts";
import { inert } from "../inert.ts";
import { registerCommand, showStatus } from "../messages.ts";
import { type AskTables, askAbout } from "../reports/ask-tables.ts";
import { type InputSource, sourceOf } from "../reports/input-source.ts";
import { pickSource, told } from "../reports/pick-source.ts";
import type { LiveViews } from "./live-views.ts";
import { viewTexts } from "./view-texts.ts";

interface Choice extends QuickPickItem {
  readonly chosen: CompareRegistersArguments | "line" | "file";
}

/** Lines that are offered: the latest that have run. */
const OFFERED = 500;

/** "Compare With…" of the view "Registers": another moment of the session, or what a file tells of registers. */
export function registerCompareRegisters(views: LiveViews, ask: AskTables, tracker: SessionTracker): Disposable {
  const fromFile = async (source: InputSource): Promise<CompareRegistersArguments | undefined> => {
    const title = viewTexts.readingRegisters(source.name);
    const asked = await askAbout(ask, title, registersRequest, [source], ([input]) => ({ input }));
    return asked && { values: asked.answer.registers, name: source.name };
  };
  return registerCommand("gicWorkbench.registers.compareWith", (given?: unknown) =>
    told(async () => {
      views.live.stopped();
      const chosen = given instanceof Uri || isArguments(given) ? given : await choose();
      const wanted =
        chosen instanceof Uri
          ? await fromFile(sourceOf([chosen]))
          : chosen === "line"
            ? await chooseLine(views)
            : chosen === "file"
              ? await pickSource(viewTexts.compareRegisters(), tracker).then((source) => source && fromFile(source))
              : chosen;
      if (wanted === undefined) return;
      const { registers } = await views.live.ask("gic/compareRegisters", wanted);
      views.live.lookAgain();
      showStatus(registers === 0 ? viewTexts.notCompared() : viewTexts.compared(registers));
    }),
  );
}

/** What a command is called with by others than a user. */
function isArguments(given: unknown): given is CompareRegistersArguments {
  return typeof given === "object" && given !== null && ("line" in given || "stop" in given || "off" in given);
}

async function choose(): Promise<Choice["chosen"] | undefined> {
  const choices: Choice[] = [
    { label: viewTexts.compareBefore(), chosen: { stop: "before" } },
    { label: viewTexts.compareHere(), chosen: { stop: "here" } },
    { label: viewTexts.compareLine(), chosen: "line" },
    { label: viewTexts.compareFile(), chosen: "file" },
    { label: viewTexts.compareNothing(), chosen: {} },
  ];
  return (await window.showQuickPick(choices, { placeHolder: viewTexts.compareRegisters() }))?.chosen;
}

/** A line that has run, by its statement. */
async function chooseLine({ live }: LiveViews): Promise<CompareRegistersArguments | undefined> {
  const page = (from: number) => live.ask("gic/timeline", { text: "", failed: false, from, count: OFFERED });
  const { present } = await page(0);
  const { rows } = await page(Math.max(0, present - OFFERED));
  const isLine = ({ kind, moment }: TimelineRow): boolean => kind === "statement" && moment === "past";
  const choices = rows
    .filter(isLine)
    .reverse()
    .map(({ line, text, outcome }) => ({
      label: inert(text),
      description: viewTexts.lineNumber(line),
      ...(outcome?.kind === "outcome" ? { detail: outcome.text } : {}),
      line,
    }));
  const placeHolder = viewTexts.compareLine();
  const picked = await window.showQuickPick(choices, { placeHolder, matchOnDescription: true });
  return picked && { line: picked.line };
}
