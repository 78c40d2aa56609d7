import { hex } from "../../architecture/hex.ts";
import {
  type AttributeGroup,
  attributeFields,
  attributesOf,
  type DeviceType,
  groupsOf,
  kvmDevices,
  type RegisterMember,
  registerAttribute,
} from "../../architecture/index.ts";
import { readAttribute } from "../../dumps/explain-value/index.ts";
import { code, paragraphs, plain, withCode } from "../markdown.ts";
import { fieldTable } from "./values-text.ts";

/** A device of KVM's attribute API: what makes it, and its groups. */
export function describeDevice(type: DeviceType): string {
  const device = kvmDevices.find((entry) => entry.type === type);
  const groups = groupsOf(type).map(({ name, group, summary }) => `- ${group} **${plain(name)}**: ${plain(summary)}`);
  return paragraphs(
    `**${plain(type)}** (KVM\\_CREATE\\_DEVICE type ${device?.code})`,
    groups.join("\n"),
    `Linux ${plain(device?.documentation ?? "")}`,
  );
}

/** A group of a device; with an attribute what that one reaches. */
export function describeGroup(device: DeviceType, group: AttributeGroup, attr: bigint | undefined): string {
  const fields = attributeFields(group, device) ?? [];
  if (attr !== undefined) {
    const { title, summary, notes } = readAttribute(device, group, attr);
    return paragraphs(
      `**${plain(title)}**`,
      plain(summary),
      fields.length === 0 ? undefined : fieldTable(fields, attr, undefined),
      notes.map((note) => `- ${withCode(note)}`).join("\n"),
    );
  }
  const named = attributesOf(group, device).map(
    (entry) => `- ${entry.attr} **${plain(entry.name)}**: ${plain(entry.summary)}`,
  );
  return paragraphs(
    `**${plain(device)} ${plain(group.name)}** (group ${group.group}, ${accessText(group)})`,
    plain(group.summary),
    fields.length === 0 ? undefined : fieldTable(fields, undefined, undefined),
    named.join("\n"),
  );
}

/** The attribute by which a VMM reaches a register: device, group and `attr`. Empty for a register that has none. */
export function attributeText(member: RegisterMember, pe: number, generation: 2 | 3): string {
  const place = registerAttribute(member, pe, generation);
  if (place === undefined) return "";
  const { device, group, attr } = place;
  const halves = member.register.width > group.valueBytes * 8 ? ` and ${code(hex(attr + 4n))}` : "";
  return `KVM: ${plain(device)}, group ${plain(group.name)} (${group.group}), attr ${code(hex(attr))}${halves}, ${accessText(group)}.`;
}

function accessText({ valueBytes }: AttributeGroup): string {
  return valueBytes === 0 ? "an action" : `${valueBytes * 8} bits`;
}
