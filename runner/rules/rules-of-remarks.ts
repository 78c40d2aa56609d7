import type { RemarkName } from "../../emulator/index.ts";
import { rules } from "../../language/index.ts";

const pairs: readonly (readonly [RemarkName, { readonly code: string }])[] = [
  ["remap-event", rules.eventRemapped],
  ["remap-device", rules.deviceRemapped],
  ["unmap-device-with-events", rules.deviceUnmappedWithEvents],
  ["overlapping-itts", rules.overlap],
  ["unmap-collection-with-events", rules.collectionUnmappedWithEvents],
  ["remap-collection-with-events", rules.collectionMoved],
  ["cwriter-out-of-range", rules.writerBeyondQueue],
  ["register-while-enabled", rules.tableRegisterWhileEnabled],
  ["lpi-table-while-enabled", rules.lpiTableWhileEnabled],
];

/** Rules by the remark of a machine that says the same: where a rule is broken, the remark is not shown beside it. */
export const rulesOfRemarks: ReadonlyMap<string, string> = new Map(pairs.map(([remark, { code }]) => [remark, code]));
