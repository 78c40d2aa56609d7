import { peOfAffinity } from "../../architecture/affinity.ts";
import {
  type AttributeGroup,
  attributeFields,
  attributesOf,
  type DeviceType,
  namedAttribute,
  redistRegionFields,
} from "../../architecture/device-attributes.ts";
import { hex } from "../../architecture/hex.ts";
import type { Block } from "../../architecture/register.ts";
import {
  type RegisterMember,
  registerAt,
  registerByEncoding,
  registerName,
  registerOffset,
} from "../../architecture/registers/index.ts";
import type { RowField } from "../tables/table.ts";
import type { Reading } from "./reading.ts";
import { readRegister } from "./register-value.ts";
import { affinityText, bytesText, valueFields } from "./value-text.ts";

/** vCPU indices that an mpidr is turned back into; KVM allows 512 vCPUs. */
const MAX_VCPUS = 512;

/** What the `attr` of a register group addresses. */
export interface AttributePlace {
  readonly member?: RegisterMember;
  /** Byte of the register that the access begins at: 4 for the upper half of a 64-bit one. */
  readonly byte: number;
  readonly name: string;
}

/**
 * The `attr` word of KVM_{SET,GET,HAS}_DEVICE_ATTR.
 * @param value what `addr` points to, when it is known
 */
export function readAttribute(device: DeviceType, group: AttributeGroup, attr: bigint, value?: bigint): Reading {
  const title = `${device} ${group.name} attr ${hex(attr)}`;
  const named = namedAttribute(group, device, Number(attr & 0xffff_ffffn));
  if (group.attributes !== undefined) {
    if (named === undefined || attr > 0xffff_ffffn) return unknownAttribute(device, group, title);
    const notes = [accessText(group)];
    if (named.alignment !== undefined) {
      const size = named.bytes === 0 ? "" : ` The region takes ${bytesText(named.bytes ?? 0)}.`;
      notes.push(`The base is a multiple of ${bytesText(named.alignment)}.${size}`);
    }
    return withValue(
      { kind: "attribute", title: `${title}: ${named.name}`, summary: named.summary, fields: [], notes },
      () => (named.name === "REDIST_REGION" && value !== undefined ? redistRegion(value) : plainValue(value)),
    );
  }
  const fields = attributeFields(group, device);
  if (fields === undefined) {
    const reading: Reading = {
      kind: "attribute",
      title,
      summary: group.summary,
      fields: [],
      notes: [accessText(group)],
    };
    return withValue(reading, () => plainValue(value));
  }
  const parts = valueFields(fields, attr).map(vcpuText);
  const part = (name: string) => parts.find((field) => field.name === name)?.raw ?? 0n;
  const place = placeOf(device, group, part);
  const cpu = parts.find(({ name }) => name === "mpidr" || name === "cpuid");
  const whose =
    cpu === undefined || (group.name === "DIST_REGS" && device === "VGIC_V3") ? "" : ` of ${ownerText(cpu)}`;
  const notes = [accessText(group), ...placeNotes(device, group, attr, part, place)];
  const reading: Reading = {
    kind: "attribute",
    title: `${title}: ${place?.name ?? group.name}${whose}`,
    summary: place?.member?.register.summary ?? group.summary,
    fields: parts,
    notes,
  };
  return withValue(reading, () => (value === undefined ? undefined : registerValue(place, value, group.valueBytes)));
}

/** Whether the attr of a group names the lower half of a 64-bit register that goes in two. */
export function isLowerHalf(device: DeviceType, group: AttributeGroup, attr: bigint): boolean {
  const parts = valueFields(attributeFields(group, device) ?? [], attr);
  const place = placeOf(device, group, (name) => parts.find((field) => field.name === name)?.raw ?? 0n);
  return place !== undefined && isHalf(group, place) && place.byte < 4;
}

function isHalf(group: AttributeGroup, { member }: Pick<AttributePlace, "member">): boolean {
  return member !== undefined && member.register.width === 64 && group.valueBytes === 4;
}

function unknownAttribute(device: DeviceType, group: AttributeGroup, title: string): Reading {
  const known = attributesOf(group, device).map(({ name, attr }) => `${attr} ${name}`);
  const summary = `${group.name} of ${device} has no such attribute; KVM answers ENXIO.`;
  return { kind: "attribute", title, summary, fields: [], notes: [`There are ${known.join(", ")}.`] };
}

/** What is said of the value goes below what is said of the attr. */
function withValue(
  reading: Reading,
  more: () => { fields: readonly RowField[]; notes: readonly string[] } | undefined,
): Reading {
  const added = more();
  if (added === undefined) return reading;
  return { ...reading, fields: [...reading.fields, ...added.fields], notes: [...reading.notes, ...added.notes] };
}

function plainValue(value: bigint | undefined) {
  return value === undefined ? undefined : { fields: [], notes: [`Value ${hex(value)} (${value}).`] };
}

function redistRegion(value: bigint) {
  const fields = valueFields(redistRegionFields, value, "value ");
  const raw = (name: string) => fields.find((field) => field.name === `value ${name}`)?.meaning ?? 0n;
  const bytes = raw("count") * 0x20000n;
  const notes =
    bytes === 0n
      ? ["count = 0: KVM answers EINVAL, or takes the index to read a region."]
      : [`The region takes ${bytesText(bytes)}, ${hex(raw("base"))} to ${hex(raw("base") + bytes - 1n)}.`];
  if (raw("flags") !== 0n) notes.push("flags is not 0: KVM answers EINVAL.");
  return { fields, notes };
}

function registerValue(place: AttributePlace | undefined, value: bigint, bytes: number) {
  if (place?.member === undefined) return plainValue(value);
  const { register } = place.member;
  if (bytes === 4 && register.width === 64) {
    const shift = BigInt(place.byte * 8);
    return {
      fields: [],
      notes: [
        `Value ${hex(value)} is bits [${place.byte * 8 + 31}:${place.byte * 8}], ${hex(value << shift)} in place.`,
      ],
    };
  }
  const [reading] = readRegister(place.member, value);
  return {
    fields: reading.fields.map((field) => ({ ...field, name: `value ${field.name}` })),
    notes: [`Value ${hex(value)}: ${reading.summary}`, ...reading.notes],
  };
}

function accessText({ valueBytes, name }: AttributeGroup): string {
  if (valueBytes === 0) return `${name} is an action: \`addr\` is not used.`;
  return `\`addr\` points to ${valueBytes * 8} bits.`;
}

/** mpidr and cpuid with the vCPU that they mean. */
function vcpuText(field: RowField): RowField {
  if (field.name !== "mpidr") return field;
  const pe = peOfAffinity(Number(field.raw), MAX_VCPUS);
  const vcpu = pe < 0 ? "no vCPU of KVM" : `vCPU ${pe}`;
  return { ...field, text: `${affinityText(field.raw)} (${vcpu})` };
}

function ownerText(cpu: RowField): string {
  if (cpu.name === "cpuid") return `vCPU ${cpu.raw}`;
  const pe = peOfAffinity(Number(cpu.raw), MAX_VCPUS);
  return pe < 0 ? `affinity ${affinityText(cpu.raw)}` : `vCPU ${pe}`;
}

/** The block of registers that a group reaches. */
export function blockOf(group: AttributeGroup): Block | undefined {
  switch (group.name) {
    case "DIST_REGS":
      return "GICD";
    case "CPU_REGS":
      return "GICC";
    case "REDIST_REGS":
      return "GICR";
    case "ITS_REGS":
      return "GITS";
    default:
      return undefined;
  }
}

function placeOf(
  device: DeviceType,
  group: AttributeGroup,
  part: (name: string) => bigint,
): AttributePlace | undefined {
  if (group.name === "CPU_SYSREGS") {
    const [op0, op1, CRn, CRm, op2] = ["op0", "op1", "CRn", "CRm", "op2"].map((name) => Number(part(name)));
    const member = registerByEncoding({ op0, op1, CRn, CRm, op2 });
    const name =
      member === undefined ? `S${op0}_${op1}_C${CRn}_C${CRm}_${op2}` : registerName(member.register, member.index);
    return { member, byte: 0, name };
  }
  if (group.name === "LEVEL_INFO") {
    const first = Number(part("vINTID"));
    return { byte: 0, name: `input levels of INTIDs ${first} to ${first + 31}` };
  }
  const block = blockOf(group);
  if (block === undefined) return undefined;
  const offset = part("offset");
  const member = offset > 0xffff_ffffn ? undefined : registerAt(block, Number(offset), 8, device === "VGIC_V2" ? 2 : 3);
  if (member === undefined) return { byte: 0, name: `${block} offset ${hex(offset)}` };
  const name = registerName(member.register, member.index);
  const half = isHalf(group, { member }) ? (member.byteInRegister < 4 ? "[31:0]" : "[63:32]") : "";
  return { member, byte: member.byteInRegister, name: `${name}${half}` };
}

function placeNotes(
  device: DeviceType,
  group: AttributeGroup,
  attr: bigint,
  part: (name: string) => bigint,
  place: AttributePlace | undefined,
): string[] {
  const notes: string[] = [];
  const offset = part("offset");
  if (group.name === "LEVEL_INFO") {
    if (part("vINTID") % 32n !== 0n) notes.push("vINTID is no multiple of 32: KVM answers EINVAL.");
    if (part("info") !== 0n) notes.push("info is not 0, the line level: KVM answers EINVAL.");
    return notes;
  }
  if (group.name === "CPU_SYSREGS") {
    if ((attr & 0xffff_0000n) !== 0n) notes.push("Bits [31:16] are not 0.");
    if (place?.member === undefined || place.member.register.block === "CNT")
      notes.push(
        "No register of the GIC has this encoding: KVM_HAS_DEVICE_ATTR answers ENXIO, get and set ENOENT (Linux 5.10: ENXIO).",
      );
    return notes;
  }
  if (place?.member === undefined) {
    notes.push(
      group.name === "ITS_REGS"
        ? "No register is declared there; KVM answers ENXIO for what it does not know."
        : "No register is declared there: KVM_HAS_DEVICE_ATTR answers ENXIO, while get gives 0 and set is ignored.",
    );
  }
  const step = group.name === "ITS_REGS" && offset >= 8n && offset < 0xffd0n ? 8n : 4n;
  if (offset % step !== 0n)
    notes.push(`The offset is no multiple of ${step}${group.name === "ITS_REGS" ? ": KVM answers EINVAL" : ""}.`);
  if (place?.member?.register.width === 64 && group.valueBytes === 4) {
    const base = BigInt(registerOffset(place.member.register, place.member.index) ?? 0);
    const other = place.byte < 4 ? base + 4n : base;
    notes.push(`A 64-bit register is two accesses; the other half is at offset ${hex(other)}.`);
  }
  if (device === "VGIC_V3" && group.name === "DIST_REGS" && part("mpidr") !== 0n) notes.push("KVM ignores mpidr here.");
  return notes;
}
