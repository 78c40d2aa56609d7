import { extractRaw, hex, registerByName } from "../../architecture/index.ts";
import type { VpeOwnState, VpeState, VsgiState } from "../../emulator/index.ts";
import { peekRegister, type Target } from "../target.ts";
import { decimal, type NumberStyle } from "./format-value.ts";
import { children, type DisplayNode } from "./node.ts";

const typer = registerByName("GITS_TYPER");
const virtual = typer?.register.fields.find(({ name }) => name === "Virtual");

/** Whether the ITSs of a target have tables of vPEs: a GICv4's. */
export function hasVpes(target: Target): boolean {
  if (typer === undefined || virtual === undefined || target.map.its.length === 0) return false;
  const value = peekRegister(target, { ...typer, name: "GITS_TYPER", pe: 0, its: 0 });
  return value !== undefined && extractRaw(value, virtual) === 1n;
}

/** A vPE with its entry and, of a GICv4.1, its configuration table, default doorbell and virtual SGIs. @param type of its entry */
export function vpeNode(vpe: VpeState, type: string | undefined, style: NumberStyle): DisplayNode {
  const { vpeId, target, pendingTable, intidBits, own } = vpe;
  const entry = `vte[${hex(vpeId)}]`;
  return {
    name: `vPEID ${hex(vpeId)}`,
    value: `PE ${decimal(target, style)}, ${decimal(intidBits, style)} vINTID bits`,
    type,
    expression: entry,
    children: children(() => [
      {
        name: "RDbase",
        value: `PE ${decimal(target, style)}`,
        type: "PE number",
        expression: `${entry}.RDbase`,
        writable: true,
      },
      { name: "VPT_addr", value: hex(pendingTable), type: "virtual pending table", address: pendingTable },
      { name: "VPT_size", value: decimal(intidBits, style), type: "vINTID bits" },
      ...(own === undefined ? [] : ownNodes(own, style)),
    ]),
  };
}

function ownNodes({ configTable, doorbell, doorbellArmed, sgis }: VpeOwnState, style: NumberStyle): DisplayNode[] {
  const pending = sgis.filter((one) => one.pending).length;
  return [
    { name: "VCONF_addr", value: hex(configTable), type: "virtual LPI configuration table", address: configTable },
    {
      name: "Default_Doorbell_pINTID",
      value: doorbell === undefined ? "none" : `${decimal(doorbell, style)}${doorbellArmed ? ", asked for" : ""}`,
      type: "LPI",
    },
    {
      name: "SGIs",
      value: `${decimal(pending, style)} pending`,
      type: "virtual SGIs",
      children: children(() => sgis.map((one, vintid) => sgiNode(vintid, one))),
    },
  ];
}

function sgiNode(vintid: number, { enabled, pending, group, priority }: VsgiState): DisplayNode {
  const words = [enabled ? "enabled" : "disabled", ...(pending ? ["pending"] : []), `Group ${group}`];
  return { name: `vINTID ${vintid}`, value: `${words.join(", ")}, priority ${hex(priority)}`, type: "virtual SGI" };
}
