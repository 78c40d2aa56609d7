import { type ArchModelName, modelTitle } from "../../architecture/index.ts";
import type { ArchDecisions, ArchModel } from "./model.ts";

/** Arm IHI0069 as far as it is public, every command error raised. */
const strict: ArchDecisions = {
  version: "Arm IHI0069, strict reading",
  layout: "qemu",
  priorityBits: 5,
  spis: 256,
  commandError: "stall",
  liveEventRemap: "overwrite",
  cwriterOutOfRange: "wait for a valid value",
};

export const archModels = {
  arch: { name: "arch", title: modelTitle("arch"), arch: strict },
} as const satisfies Record<ArchModelName, ArchModel>;
