import type { CaptureFacts } from "./facts.ts";

/** What a file of raw bytes holds, as its name says it. */
export type FileRole =
  | { readonly kind: "address"; readonly address: number }
  | { readonly kind: "queue" | "device" | "collection" | "lpi-config" }
  | { readonly kind: "level2"; readonly page: number }
  | { readonly kind: "itt"; readonly deviceId: number }
  | { readonly kind: "lpi-pending"; readonly pe: number };

const pieces: readonly { readonly form: RegExp; readonly role: (digits: string) => FileRole }[] = [
  {
    form: /(?:^|[-_.@])0x([0-9a-f]{4,13})(?=$|[-_.])/,
    role: (at) => ({ kind: "address", address: Number.parseInt(at, 16) }),
  },
  {
    form: /(?:^|[-_.])itt[-_.]?(?:dev(?:ice)?)?[-_.]?(?:0x)?([0-9a-f]{1,8})$/,
    role: (id) => ({ kind: "itt", deviceId: Number.parseInt(id, 16) }),
  },
  {
    form: /dev(?:ice)?[-_.]?table[-_.]?(?:l|level-?)2[-_.](\d{1,6})$/,
    role: (page) => ({ kind: "level2", page: Number(page) }),
  },
  { form: /dev(?:ice)?[-_.]?table(?:[-_.]?(?:l|level-?)1)?$()/, role: () => ({ kind: "device" }) },
  { form: /coll(?:ection)?[-_.]?table$()/, role: () => ({ kind: "collection" }) },
  { form: /(?:lpi[-_.]?)?(?:prop(?:erty|erties)?|config)(?:[-_.]?table)?$()/, role: () => ({ kind: "lpi-config" }) },
  {
    form: /pend(?:ing)?(?:[-_.]?table)?[-_.]?(?:cpu|pe|vcpu)?[-_.]?(\d{1,4})$/,
    role: (pe) => ({ kind: "lpi-pending", pe: Number(pe) }),
  },
  { form: /(?:command|cmd)[-_.]?q(?:ueue)?$()/, role: () => ({ kind: "queue" }) },
];

/**
 * What a file holds by its name: `mem-0x42590000.bin`, `itt-dev-0008.bin` (the DeviceID in hexadecimal), `device-table-l1.bin`,
 * `device-table-l2-0.bin` (the level-1 index in decimal), `collection-table.bin`, `lpi-config.bin`, `lpi-pending-cpu0.bin`, `command-queue.bin`.
 */
export function roleOf(name: string): FileRole | undefined {
  const stem = name
    .replace(/^.*[/\\]/, "")
    .replace(/\.[a-z]{2,4}$/i, "")
    .toLowerCase();
  if (stem.length > 200) return undefined;
  for (const { form, role } of pieces) {
    const found = form.exec(stem);
    if (found !== null) return role(found[1]);
  }
  return undefined;
}

/** Where a file's bytes are, as far as the facts tell. A level-2 page or an ITT may be found only on the way, by its level-1 entry or DTE. */
export function addressOfRole(role: FileRole, facts: CaptureFacts): number | undefined {
  switch (role.kind) {
    case "address":
      return role.address;
    case "queue":
      return facts.commandQueue?.address;
    case "device":
    case "collection":
      return facts.tables.get(role.kind)?.address;
    case "level2":
      return facts.level2Pages.get(role.page)?.address;
    case "itt":
      return facts.itts.get(role.deviceId)?.address;
    case "lpi-config":
      return facts.propertyTable?.address;
    case "lpi-pending":
      return facts.pendingTables.get(role.pe)?.address;
  }
}
