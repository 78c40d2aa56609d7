import {
  commands,
  Disposable,
  debug,
  StatusBarAlignment,
  type StatusBarItem,
  type TextDocument,
  type Uri,
  window,
  workspace,
} from "vscode";
import { type ModelName, models, modelTitle } from "../../architecture/models.ts";
import type { ScriptMachineAnswer } from "../../server/script-machine-protocol.ts";
import { scriptConfiguration } from "../debug/debug-configurations.ts";
import { programOf } from "../debug/programs.ts";
import { reasonOf } from "../inert.ts";
import { registerCommand } from "../messages.ts";
import type { SessionPlace, SessionPlaces } from "./session-place.ts";
import { startTexts } from "./start-texts.ts";

/** A pause of typing behind which a script is asked for its machine again, in ms. */
const SETTLE_MS = 400;

const COMMAND = "gicWorkbench.status";

/** The machine of an open script. */
type AskForMachine = (uri: Uri) => Promise<ScriptMachineAnswer>;

/** The model of the script in the editor or, while a session runs, the session's and where it stands. Hidden where there is neither. */
export class ModelStatus extends Disposable {
  private readonly item: StatusBarItem;
  private readonly places: SessionPlaces;
  private readonly ask: AskForMachine;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private machine: { readonly uri: Uri; readonly model: ModelName; readonly cpus: number } | undefined;

  constructor(places: SessionPlaces, ask: AskForMachine) {
    const subscriptions: Disposable[] = [];
    super(() => {
      clearTimeout(this.settling);
      for (const subscription of subscriptions) subscription.dispose();
    });
    this.places = places;
    this.ask = ask;
    this.item = window.createStatusBarItem("gicWorkbench.model", StatusBarAlignment.Left, 40);
    this.item.name = startTexts.statusName();
    this.item.command = COMMAND;
    subscriptions.push(
      this.item,
      places.onDidChange(() => this.show()),
      window.onDidChangeActiveTextEditor(() => void this.look()),
      workspace.onDidChangeTextDocument(({ document }) => {
        if (document !== scriptInEditor()) return;
        clearTimeout(this.settling);
        this.settling = setTimeout(() => void this.look(), SETTLE_MS);
      }),
      registerCommand(COMMAND, () => this.act()),
    );
    void this.look();
  }

  /** What shows; undefined while it is hidden. */
  shown: string | undefined;

  /** Asks for the machine of the script in the editor. */
  private async look(): Promise<void> {
    const document = scriptInEditor();
    if (document?.uri.toString() !== this.machine?.uri.toString()) this.machine = undefined;
    this.show();
    if (document === undefined) return;
    try {
      const answer = await this.ask(document.uri);
      if (document !== scriptInEditor()) return;
      this.machine = answer === null ? undefined : { uri: document.uri, ...answer };
    } catch (error) {
      // That the server does not run is told where it was started.
      console.debug(`gic/scriptMachine: ${reasonOf(error)}`);
      this.machine = undefined;
    }
    this.show();
  }

  private show(): void {
    const place = this.places.now;
    if (place !== undefined) this.set("$(debug-alt)", whereText(place), startTexts.statusSessionTip(), true);
    else if (this.machine !== undefined && scriptInEditor() !== undefined) {
      const { model, cpus } = this.machine;
      this.set("$(circuit-board)", model, startTexts.statusScriptTip(modelTitle(model), cpus), false);
    } else this.hide();
  }

  private set(icon: string, text: string, tip: string, isSession: boolean): void {
    const said = isSession ? startTexts.statusSession(text) : startTexts.statusScript(text);
    this.item.text = `${icon} ${text}`;
    this.item.tooltip = tip;
    this.item.accessibilityInformation = { label: `${said}. ${tip}`, role: "button" };
    this.item.show();
    this.shown = text;
  }

  private hide(): void {
    this.item.hide();
    this.shown = undefined;
  }

  private async act(): Promise<void> {
    if (this.places.now !== undefined) await commands.executeCommand("gicWorkbench.registers.focus");
    else if (this.machine !== undefined) await debugOnModel(this.machine.uri, this.machine.model);
  }
}

/** Debugs a script on a model that the user chooses: what the script says about its machine stays but for that. */
async function debugOnModel(uri: Uri, own: ModelName): Promise<void> {
  const items = models
    .map(({ name, title }) => ({
      label: name,
      description: name === own ? `${title} (${startTexts.ownModel()})` : title,
    }))
    .sort((a, b) => Number(b.label === own) - Number(a.label === own));
  const picked = await window.showQuickPick(items, { title: startTexts.debugOn(), matchOnDescription: true });
  if (picked === undefined) return;
  const model = picked.label === own ? {} : { model: picked.label };
  await debug.startDebugging(workspace.getWorkspaceFolder(uri), { ...scriptConfiguration(programOf(uri)), ...model });
}

function whereText({ model, line, ended, running }: SessionPlace): string {
  const name = model ?? "GIC";
  if (running) return startTexts.statusRunning(name);
  if (ended) return startTexts.statusAtEnd(name);
  return line === undefined ? name : startTexts.statusAt(name, line);
}

function scriptInEditor(): TextDocument | undefined {
  const document = window.activeTextEditor?.document;
  return document?.languageId === "itscmd" ? document : undefined;
}
