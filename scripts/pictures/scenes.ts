import { accessibleSettings, accessibleViews } from "./accessibility-scene.ts";
import { killedAdapters } from "./adapter-scenes.ts";
import { firstDialogs } from "./dialog-scenes.ts";
import { decodedTable, dumpHover, dumpText, savedMachine, wrongDump } from "./dump-scenes.ts";
import { german } from "./german-scene.ts";
import { liveViewsByKeyboard, tablesByKeyboard } from "./keyboard-scenes.ts";
import { debuggedTest, fixesAndRulePage, hintsAndLenses } from "./language-scenes.ts";
import {
  comparedRegisters,
  editedBits,
  liveInterrupts,
  liveMap,
  liveQueueAndBits,
  liveRegisters,
  liveTimeline,
  narrowBits,
} from "./live-scenes.ts";
import { liveMatrix } from "./matrix-scenes.ts";
import { newcomer } from "./newcomer-scene.ts";
import {
  checkedTables,
  comparedDumps,
  debuggedDump,
  interruptMap,
  reloadedReport,
  tracedMsi,
} from "./report-scenes.ts";
import { longScript, restartedHost } from "./restart-scenes.ts";
import { diagnostics, hoverAndCompletion } from "./script-scenes.ts";
import {
  firstRun,
  hostileNames,
  listRegisters,
  longLine,
  pausedSession,
  reviewSession,
  stops,
  welcome,
  wrongLaunch,
} from "./session-scenes.ts";
import { modelStatus, walkthrough, welcomeView } from "./start-scenes.ts";
import { tableEditor } from "./table-scenes.ts";
import { testExplorer } from "./test-scenes.ts";
import { hostileFiles, hostileTexts, killedPrograms } from "./trust-scenes.ts";
import { hostInTheBrowser, inTheBrowser } from "./web-scene.ts";
import type { WorkbenchUser } from "./workbench-user.ts";

/** A sequence of steps with pictures, on a fresh workbench over a copy of the examples. */
export interface Scene {
  readonly name: string;
  readonly play: (user: WorkbenchUser) => Promise<void>;
  /** Of the editor, where it is not English. */
  readonly language?: "de";
  /** User settings beside the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Adds files to the copy of the examples. */
  readonly prepare?: (folder: string) => void;
}

export const scenes: readonly Scene[] = [
  { name: "web", play: inTheBrowser, settings: hostInTheBrowser },
  { name: "welcome", play: welcome },
  { name: "walkthrough", play: walkthrough },
  { name: "welcome-view", play: welcomeView },
  { name: "model-status", play: modelStatus },
  { name: "newcomer", play: newcomer },
  { name: "paused", play: pausedSession },
  { name: "first-run", play: firstRun },
  { name: "review", play: reviewSession },
  { name: "list-registers", play: listRegisters },
  { name: "long-line", play: longLine },
  { name: "stops", play: stops },
  { name: "launch-wrong", play: wrongLaunch },
  { name: "hostile-names", play: hostileNames },
  { name: "decoded", play: decodedTable },
  { name: "table-editor", play: tableEditor },
  { name: "dump-hover", play: dumpHover },
  { name: "dump-text", play: dumpText },
  { name: "dump-wrong", play: wrongDump },
  { name: "state", play: savedMachine },
  { name: "compare", play: comparedDumps },
  { name: "check", play: checkedTables },
  { name: "reload", play: reloadedReport },
  { name: "trace", play: tracedMsi },
  { name: "map", play: interruptMap },
  { name: "debug-dump", play: debuggedDump },
  { name: "live-interrupts", play: liveInterrupts },
  { name: "live-registers", play: liveRegisters },
  { name: "edited-bits", play: editedBits },
  { name: "compared-registers", play: comparedRegisters },
  { name: "live-queue-bits", play: liveQueueAndBits },
  { name: "narrow-bits", play: narrowBits },
  { name: "live-map", play: liveMap },
  { name: "live-matrix", play: liveMatrix },
  { name: "keyboard-tables", play: tablesByKeyboard },
  { name: "keyboard-live", play: liveViewsByKeyboard },
  { name: "live-timeline", play: liveTimeline },
  { name: "accessibility", play: accessibleViews, settings: accessibleSettings },
  { name: "hover", play: hoverAndCompletion },
  { name: "diagnostics", play: diagnostics },
  { name: "lenses", play: hintsAndLenses },
  { name: "debugged-test", play: debuggedTest },
  { name: "fixes", play: fixesAndRulePage },
  { name: "test-explorer", play: testExplorer },
  { name: "hostile-texts", play: hostileTexts, prepare: hostileFiles },
  { name: "killed-programs", play: killedPrograms },
  { name: "killed-adapters", play: killedAdapters, prepare: longScript },
  { name: "first-dialogs", play: firstDialogs },
  { name: "german", play: german, language: "de" },
  { name: "restarted-host", play: restartedHost, prepare: longScript },
];
