import type { LayoutName, TableLayouts } from "../layout.ts";
import { gem5 } from "./gem5.ts";
import { kvmRevision0 } from "./kvm.ts";
import { qemuTcg } from "./qemu.ts";
import { xen } from "./xen.ts";

export * from "./kvm.ts";
export * from "./level1.ts";
export * from "./lpi.ts";

/** The table layouts of every implementation whose layouts are known. Those of real hardware are not published. */
export const layouts: Readonly<Record<LayoutName, TableLayouts>> = {
  "kvm-rev0": kvmRevision0,
  qemu: qemuTcg,
  gem5,
  xen,
};

/** One of {@link layouts}, by its name; undefined when there is none of it. */
export function layoutNamed(name: string | undefined): TableLayouts | undefined {
  return name !== undefined && Object.hasOwn(layouts, name) ? layouts[name as LayoutName] : undefined;
}

export const layoutNames = Object.keys(layouts) as readonly LayoutName[];
