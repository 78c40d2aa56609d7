import { type Block, registerName, registers } from "../../architecture/index.ts";
import type { RegisterLocation } from "../../language/index.ts";
import { peekRegister, type Target } from "../target.ts";
import type { RegisterGroup } from "./register-group.ts";

/** Blocks of registers that lie in no frame of the bus, and what they are to people. */
const blocks: readonly { readonly block: Block; readonly kind: RegisterGroup["kind"] }[] = [
  { block: "ICC", kind: "cpu-interface" },
  { block: "ICH", kind: "hypervisor" },
  { block: "GICH", kind: "hypervisor" },
];

/** Groups of each PE's system registers, and of the hypervisor interface as the host's kernel sees it: those that the target has. */
export function systemGroups(target: Target): RegisterGroup[] {
  return blocks.flatMap(({ block, kind }) => {
    const found = present(target, block);
    if (found.length === 0) return [];
    return Array.from({ length: target.cpus }, (_, pe): RegisterGroup => {
      const locations = found.map((location) => ({ ...location, pe }));
      return { id: `${block}${pe}`, title: `${block}, PE ${pe}`, kind, number: pe, secondary: false, locations };
    });
  });
}

/**
 * The registers of a block that PE 0 can read; the PEs of a target are alike. Where a read cannot be taken back, those that act when they are
 * read are left out.
 */
function present(target: Target, block: Block): RegisterLocation[] {
  return registers
    .filter((register) => register.block === block && register.access !== "WO")
    .filter((register) => register.readEffect === undefined || target.time !== undefined)
    .flatMap((register) =>
      Array.from({ length: register.count ?? 1 }, (_, at): RegisterLocation => {
        const index = (register.firstIndex ?? 0) + at;
        return { name: registerName(register, index), register, index, pe: 0, its: 0 };
      }),
    )
    .filter((location) => peekRegister(target, location) !== undefined)
    .sort((a, b) => Number(isListRegister(b)) - Number(isListRegister(a)));
}

/** They come first: they are what one looks for there. */
function isListRegister({ register }: RegisterLocation): boolean {
  return /^G?ICH_LR<n>/.test(register.name);
}
