/** What one instruction of a guest does, in the spelling of the recordings. */
export type GuestInstruction =
  | { readonly kind: "load"; readonly bytes: 1 | 2 | 4 | 8 }
  | { readonly kind: "store"; readonly bytes: 1 | 2 | 4 | 8 }
  | { readonly kind: "read"; readonly register: string }
  | {
      readonly kind: "write";
      readonly registers: readonly { readonly name: string; readonly from: "value" | "address" }[];
    };

const sizes: Readonly<Record<string, 1 | 2 | 4 | 8>> = { b: 1, h: 2, "32": 4, "64": 8 };

/**
 * Reads `ldr32`, `strb`, `read ICC_IAR1_EL1`, `write ICC_EOIR1_EL1` (the instruction's value) or
 * `write ICC_PMR_EL1=val, ICC_IGRPEN1_EL1=addr` (several registers, from its value and its address).
 * @returns undefined when it is none of these
 */
export function parseInstruction(text: string): GuestInstruction | undefined {
  const memory = /^(ldr|str)(b|h|32|64)$/.exec(text);
  if (memory !== null) return { kind: memory[1] === "ldr" ? "load" : "store", bytes: sizes[memory[2]] };
  const [verb, ...rest] = text.split(" ");
  const operand = rest.join(" ");
  if (operand === "") return undefined;
  if (verb === "read") return { kind: "read", register: operand };
  if (verb !== "write") return undefined;
  return {
    kind: "write",
    registers: operand.split(",").map((part) => {
      const [name, source] = part.trim().split("=");
      return { name, from: source === "addr" ? "address" : "value" };
    }),
  };
}
