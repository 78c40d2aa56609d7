import {
  type DebugSession,
  Disposable,
  EventEmitter,
  env,
  type FileDecoration,
  type FileDecorationProvider,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  type TreeView,
  Uri,
  window,
} from "vscode";
import type { RegistersBody } from "../../debug-adapter/protocol.ts";
import { registerCommand, showStatus } from "../messages.ts";
import { texts } from "../texts.ts";
import { bitRange, fieldTooltip, registerTooltip } from "./register-text.ts";
import { type RegisterNode, RegistersModel } from "./registers-model.ts";
import type { SessionTracker } from "./session-tracker.ts";

export const registersViewId = "gicWorkbench.registers";

/** Scheme of the addresses that carry "changed" to the colour of a line. */
const SCHEME = "gic-register";

/** A run of the machine shorter than this, in ms, leaves the view as it is: every step would flicker. */
const PATIENCE_MS = 400;

/** The view "Registers": follows the session that the user looks at. */
export class RegistersView extends Disposable implements TreeDataProvider<RegisterNode> {
  private readonly changes = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changes.event;
  private readonly models = new Map<string, RegistersModel>();
  private readonly tracker: SessionTracker;
  private readonly view: TreeView<RegisterNode>;
  private patience: NodeJS.Timeout | undefined;

  constructor(tracker: SessionTracker) {
    const subscriptions: Disposable[] = [];
    super(() => {
      clearTimeout(this.patience);
      for (const subscription of subscriptions) subscription.dispose();
    });
    this.tracker = tracker;
    this.view = window.createTreeView(registersViewId, { treeDataProvider: this, showCollapseAll: true });
    subscriptions.push(
      this.view,
      this.changes,
      tracker.onDidChange(({ kind, session }) => {
        if (kind === "state") this.models.get(session.id)?.moved();
        else if (kind === "ended") this.models.delete(session.id);
        if (kind === "running") this.waitFor(session);
        else this.refresh();
      }),
      tracker.onDidChangeActive(() => this.refresh()),
    );
  }

  refresh(): void {
    clearTimeout(this.patience);
    this.view.message = undefined;
    this.changes.fire(undefined);
  }

  async getChildren(node?: RegisterNode): Promise<RegisterNode[]> {
    const session = this.tracker.active;
    if (session === undefined || !this.tracker.standsStill(session)) return [];
    const model = this.modelOf(session);
    try {
      if (node !== undefined) return await model.children(node);
      const groups = await model.groups();
      this.view.message = groups.length === 0 ? texts.noRegisters() : undefined;
      return groups;
    } catch (error) {
      // A session that has ended or gone on in the meantime has nothing to say, and needs no complaint.
      if (this.tracker.active?.id !== session.id || !this.tracker.standsStill(session)) return [];
      this.view.message = texts.registersFailed(error instanceof Error ? error.message : String(error));
      return [];
    }
  }

  getTreeItem(node: RegisterNode): TreeItem {
    return node.kind === "group" ? groupItem(node) : node.kind === "register" ? registerItem(node) : fieldItem(node);
  }

  /** Filled when the pointer rests on a line: a hundred tables of fields need not be made for each step. */
  resolveTreeItem(item: TreeItem, node: RegisterNode): TreeItem {
    if (node.kind !== "group") {
      item.tooltip = new MarkdownString(node.kind === "register" ? registerTooltip(node) : fieldTooltip(node));
    }
    return item;
  }

  private modelOf(session: DebugSession): RegistersModel {
    const known = this.models.get(session.id);
    if (known !== undefined) return known;
    const model = new RegistersModel(
      async (groups) => (await session.customRequest("gic/registers", { groups })) as RegistersBody,
    );
    this.models.set(session.id, model);
    return model;
  }

  private waitFor(session: DebugSession): void {
    clearTimeout(this.patience);
    this.patience = setTimeout(() => {
      if (this.tracker.active?.id === session.id) this.view.message = texts.running();
    }, PATIENCE_MS);
  }
}

function groupItem({ id, group }: RegisterNode & { kind: "group" }): TreeItem {
  const first = group.id === "GITS0" || group.id === "GICC0";
  const open = first && !group.secondary;
  const state = open ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed;
  const item = new TreeItem(group.title, state);
  item.id = id;
  item.contextValue = "group";
  return item;
}

function registerItem({ id, register, previous }: RegisterNode & { kind: "register" }): TreeItem {
  const { Collapsed, None } = TreeItemCollapsibleState;
  const item = new TreeItem(
    register.name,
    register.value !== undefined && register.fields.length > 0 ? Collapsed : None,
  );
  item.id = id;
  item.description = register.value ?? register.text;
  item.contextValue = ["register", register.value && "value", register.address && "address"].filter(Boolean).join(" ");
  item.resourceUri = decorated(id, previous !== undefined);
  if (item.collapsibleState === None) item.iconPath = new ThemeIcon("circle-slash");
  item.accessibilityInformation = { label: spoken(`${register.name} ${item.description}`, previous !== undefined) };
  return item;
}

function fieldItem({ id, field, changed }: RegisterNode & { kind: "field" }): TreeItem {
  const item = new TreeItem(`${field.name} ${bitRange(field)}`);
  item.id = id;
  item.description = field.text;
  item.contextValue = "field value";
  item.resourceUri = decorated(id, changed);
  // Without an icon of its own, a line with an address would get that of a file.
  item.iconPath = new ThemeIcon("symbol-field");
  item.accessibilityInformation = { label: spoken(`${field.name} ${field.text}`, changed) };
  return item;
}

function spoken(label: string, changed: boolean): string {
  return changed ? `${label}, ${texts.changed()}` : label;
}

function decorated(id: string, changed: boolean): Uri {
  return Uri.from({ scheme: SCHEME, path: `/${id}`, query: changed ? "changed" : "" });
}

/** Colours what has changed since the stop before, as the Variables view does. */
const changeColours: FileDecorationProvider = {
  provideFileDecoration(uri): FileDecoration | undefined {
    if (uri.scheme !== SCHEME || uri.query !== "changed") return undefined;
    // No badge: it would take the room of the value's last digits, which are those that change.
    return { color: new ThemeColor("gicWorkbench.changedRegister"), tooltip: texts.changed() };
  },
};

/** Registers what the view's menus and title offer, and the colour of changed lines. */
export function registerRegisterCommands(view: RegistersView): Disposable {
  const copy = (name: string, textOf: (node: RegisterNode) => string | undefined) =>
    registerCommand(`gicWorkbench.registers.${name}`, async (node?: RegisterNode) => {
      const text = node && textOf(node);
      if (text === undefined) return;
      await env.clipboard.writeText(text);
      showStatus(texts.copied(text));
    });
  return Disposable.from(
    window.registerFileDecorationProvider(changeColours),
    registerCommand("gicWorkbench.registers.refresh", () => view.refresh()),
    copy("copyValue", (node) => {
      if (node.kind === "field") return node.field.meaning;
      return node.kind === "register" ? node.register.value : undefined;
    }),
    copy("copyName", (node) => {
      if (node.kind === "field") return node.field.expression;
      return node.kind === "register" ? node.register.expression : undefined;
    }),
    copy("copyAddress", (node) => (node.kind === "register" ? node.register.address : undefined)),
  );
}
