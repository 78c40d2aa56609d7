import type { TreeNode } from "../../protocol.ts";
import { element } from "./dom.ts";

/** The tree of tables at the side. All of it is open: it is short, and what a dump holds is to be seen. */
export class Tree {
  readonly root = element("nav", { class: "tree" });
  private readonly list = element("div", { role: "tree" });
  private readonly choose: (id: string) => void;
  private nodes: readonly TreeNode[] = [];
  private items: HTMLElement[] = [];

  constructor(choose: (id: string) => void) {
    this.choose = choose;
    this.root.append(this.list);
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("click", (event) => {
      const at = this.items.findIndex((item) => item.contains(event.target as Node));
      if (at >= 0) this.choose(this.nodes[at].id);
    });
  }

  show(nodes: readonly TreeNode[], chosen: string, label: string): void {
    const hadFocus = this.list.contains(document.activeElement);
    this.nodes = nodes;
    this.list.setAttribute("aria-label", label);
    const at = Math.max(
      0,
      nodes.findIndex(({ id }) => id === chosen),
    );
    this.items = nodes.map(({ id, label: text, detail, level }, place) =>
      element(
        "div",
        {
          class: "node",
          role: "treeitem",
          "aria-level": String(level),
          "aria-selected": String(id === chosen && place === at),
          tabindex: place === at ? "0" : "-1",
          title: `${text}${detail === "" ? "" : ` @ ${detail}`}`,
          "data-level": String(Math.min(level, 3)),
        },
        element("span", { class: "node-label", text }),
        element("span", { class: "node-detail", text: detail }),
      ),
    );
    this.list.replaceChildren(...this.items);
    if (hadFocus) this.items[at]?.focus();
    else this.items[at]?.scrollIntoView({ block: "nearest" });
  }

  private key(event: KeyboardEvent): void {
    const at = this.items.indexOf(document.activeElement as HTMLElement);
    const last = this.items.length - 1;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last, ArrowLeft: this.parentOf(at) }[event.key];
    if (event.key === "Enter" || event.key === " ") this.choose(this.nodes[at]?.id ?? "");
    else if (to === undefined) return;
    else this.items[Math.max(0, Math.min(last, to))]?.focus();
    event.preventDefault();
  }

  private parentOf(at: number): number {
    let parent = at;
    while (parent > 0 && this.nodes[parent].level >= (this.nodes[at]?.level ?? 1)) parent--;
    return parent;
  }
}
