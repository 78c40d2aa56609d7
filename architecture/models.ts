/**
 * The models: whose behaviour can be emulated. A name says it all to users, so scripts, saved machines, command lines and the launch
 * configuration take the same names, and all of them read this list. What a model does is in emulator/models/.
 */
interface ModelEntry {
  /** In scripts, on command lines and in saved machines. */
  readonly name: string;
  /** Whose GIC it is: what it has beside the GIC, a VMM say, follows from that. */
  readonly family: "kvm" | "qemu" | "arch";
  /** A release of the software; patches as they were reviewed, and what would have come of them; the architecture's text. */
  readonly kind: "release" | "draft" | "text";
  /** Other names for it. */
  readonly aliases: readonly string[];
  /** Whether its machines can have FEAT_GICv3_NMI: of QEMU since 9.1, with CPUs that have FEAT_NMI (hw/arm/virt.c gicv3_nmi_present). */
  readonly nmi?: true;
  /** What it is, for people. Of a kernel the release, not the exact version that was recorded. */
  readonly title: string;
}

/** The default first, then family by family, the newest release first. */
export const models = [
  { name: "kvm-7.2", family: "kvm", kind: "release", aliases: ["kvm"], title: "KVM of Linux 7.2" },
  { name: "kvm-7.3", family: "kvm", kind: "release", aliases: [], title: "KVM of Linux 7.3" },
  { name: "kvm-6.12", family: "kvm", kind: "release", aliases: [], title: "KVM of Linux 6.12" },
  { name: "kvm-6.1", family: "kvm", kind: "release", aliases: [], title: "KVM of Linux 6.1" },
  { name: "kvm-5.10", family: "kvm", kind: "release", aliases: [], title: "KVM of Linux 5.10" },
  {
    name: "kvm-draft-2013",
    family: "kvm",
    kind: "draft",
    aliases: [],
    title: "Draft: register access without the vCPUs' locks (2013)",
  },
  {
    name: "kvm-draft-2016",
    family: "kvm",
    kind: "draft",
    aliases: [],
    title: "Draft: the first ITS registers and queue (2016)",
  },
  {
    name: "kvm-draft-2017",
    family: "kvm",
    kind: "draft",
    aliases: [],
    title: "Draft: saved device tables, GITS_IIDR as their revision (2017)",
  },
  {
    name: "kvm-draft-2017-revisions",
    family: "kvm",
    kind: "draft",
    aliases: [],
    title: "The draft of 2017 with two more table revisions, made up: wide ITEs, wide DTEs",
  },
  {
    name: "kvm-draft-2017-level1",
    family: "kvm",
    kind: "draft",
    aliases: [],
    title: "The same, with level-1 entries of the device table as far apart as DTEs",
  },
  {
    name: "kvm-draft-2017-last",
    family: "kvm",
    kind: "draft",
    aliases: [],
    title: "The same, with the last device of a level-2 page misread",
  },
  {
    name: "kvm-revisions",
    family: "kvm",
    kind: "draft",
    aliases: [],
    title: "KVM of Linux 7.2 with two more table revisions, made up",
  },
  {
    name: "qemu-7.2",
    family: "qemu",
    kind: "release",
    aliases: ["qemu"],
    title: "QEMU 7.2, emulated GIC (TCG)",
  },
  {
    name: "qemu-11.1",
    family: "qemu",
    kind: "release",
    aliases: [],
    nmi: true,
    title: "QEMU 11.1, emulated GIC (TCG)",
  },
  { name: "arch", family: "arch", kind: "text", aliases: [], title: "The architecture, read strictly" },
] as const satisfies readonly ModelEntry[];

type KnownModel = (typeof models)[number];

export type ModelName = KnownModel["name"];
export type ModelFamily = KnownModel["family"];
export type KvmModelName = Extract<KnownModel, { family: "kvm" }>["name"];
export type KernelModelName = Extract<KnownModel, { family: "kvm"; kind: "release" }>["name"];
export type DraftModelName = Extract<KnownModel, { kind: "draft" }>["name"];
export type QemuModelName = Extract<KnownModel, { family: "qemu" }>["name"];
export type ArchModelName = Extract<KnownModel, { family: "arch" }>["name"];

/** The model of a machine whose author names none. */
export const defaultModel: ModelName = "kvm-7.2";

const byName = new Map<string, ModelEntry & { readonly name: ModelName }>();
for (const model of models) for (const name of [model.name, ...model.aliases]) byName.set(name, model);

/** Names and aliases of the models of a family; of all models without one. Each alias is behind its model's name. */
export function modelWords(family?: ModelFamily): string[] {
  return models
    .filter((model) => family === undefined || model.family === family)
    .flatMap(({ name, aliases }) => [name, ...aliases]);
}

/** Resolves a model's name or alias (`kvm`, `qemu`). @returns undefined for an unknown one */
export function resolveModel(name: string): ModelName | undefined {
  return byName.get(name)?.name;
}

export function modelFamily(name: ModelName): ModelFamily {
  return entryOf(name).family;
}

/** What a model is, for people. */
export function modelTitle(name: ModelName): string {
  return entryOf(name).title;
}

/** Models whose machines can have NMIs: FEAT_GICv3_NMI. */
export const nmiModels: readonly ModelName[] = models.filter((model) => "nmi" in model).map(({ name }) => name);

export function modelHasNmi(name: ModelName): boolean {
  return nmiModels.includes(name);
}

/** Whether a model is of patches that were reviewed, not of software that was released or of the architecture. */
export function isDraft(name: ModelName): boolean {
  return entryOf(name).kind === "draft";
}

function entryOf(name: ModelName): ModelEntry {
  const entry = byName.get(name);
  if (entry === undefined) throw new Error(`${name} is no model`);
  return entry;
}
