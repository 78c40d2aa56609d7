import { commands, DebugStackFrame, Disposable, debug, window } from "vscode";
import { scriptConfiguration } from "../debug/debug-configurations.ts";
import { programOf } from "../debug/programs.ts";
import type { SessionTracker } from "../debug/session-tracker.ts";
import { registerCommand } from "../messages.ts";
import type { Samples } from "./samples.ts";
import { startTexts } from "./start-texts.ts";

const WALKTHROUGH = "gic-workbench.gic-workbench#gicWorkbench.start";

/** The card's queue whose MSI does not arrive in dead-msi.gicdump. */
const DEAD_MSI = { deviceId: "0x10", eventId: "1" };

/** The scripts about what was argued about on mailing lists. */
const reviews = [
  { name: "2013-register-access", label: startTexts.review2013 },
  { name: "2015-list-register-order", label: startTexts.review2015 },
  { name: "2016-two-cwriters", label: startTexts.review2016 },
  { name: "2017-device-table", label: startTexts.review2017Tables },
  { name: "2017-iidr-revision", label: startTexts.review2017Revision },
] as const;

/** The buttons of the walkthrough. Each does its thing on a copy of an example, so that none of them needs a folder. */
export function registerWalkthrough(samples: Samples, tracker: SessionTracker): Disposable {
  const begin = async (attributes: object) => {
    const { uri } = await samples.open("first-msi.itscmd", "itscmd");
    return debug.startDebugging(undefined, { ...scriptConfiguration(programOf(uri)), ...attributes });
  };
  return Disposable.from(
    registerCommand("gicWorkbench.openWalkthrough", () =>
      commands.executeCommand("workbench.action.openWalkthrough", WALKTHROUGH, false),
    ),
    registerCommand("gicWorkbench.start.step", async () => {
      const { active } = tracker;
      if (active === undefined) return begin({ stopOnEntry: true });
      return commands.executeCommand("workbench.action.debug.stepOver");
    }),
    registerCommand("gicWorkbench.start.stepBack", async () => {
      if (tracker.active === undefined && !(await standsAtEnd(tracker, begin))) return;
      await commands.executeCommand("workbench.action.debug.stepBack");
    }),
    registerCommand("gicWorkbench.start.decode", async () => {
      const { uri } = await samples.open("dead-msi.gicdump", "gicdump");
      await commands.executeCommand("gicWorkbench.decode", uri);
    }),
    registerCommand("gicWorkbench.start.trace", async () => {
      const { uri } = await samples.open("dead-msi.gicdump", "gicdump");
      await commands.executeCommand("gicWorkbench.traceMsi", uri, undefined, DEAD_MSI);
    }),
    registerCommand("gicWorkbench.start.reviews", async () => {
      const items = reviews.map(({ name, label }) => ({ label: label(), name }));
      // The walkthrough takes the focus back when it marks the step as done: the list must not go with it.
      const picked = await window.showQuickPick(items, { title: startTexts.reviewTitle(), ignoreFocusOut: true });
      if (picked !== undefined) await samples.open(`reviews/${picked.name}.itscmd`, "itscmd");
    }),
  );
}

/** Runs the example to where it stops at its end: only a session that has moved can go back. @returns whether it stands there */
async function standsAtEnd(
  tracker: SessionTracker,
  begin: (attributes: object) => Thenable<boolean>,
): Promise<boolean> {
  const subscriptions: Disposable[] = [];
  // Only where the editor shows a frame does it take a step: what the adapter says of its state comes sooner.
  const stopped = new Promise<boolean>((resolve) => {
    subscriptions.push(
      debug.onDidChangeActiveStackItem((item) => {
        if (item instanceof DebugStackFrame && item.session.id === tracker.active?.id) resolve(true);
      }),
      tracker.onDidChange(({ kind }) => {
        if (kind === "ended") resolve(false);
      }),
    );
  });
  try {
    return (await begin({ stopAtEnd: true })) && (await stopped);
  } finally {
    for (const subscription of subscriptions) subscription.dispose();
  }
}
