import {
  type Access,
  extractMeaning,
  extractRaw,
  type Field,
  fieldsOf,
  type Implementation,
  resetValue,
} from "../../architecture/index.ts";
import type { RegisterLocation } from "../../language/index.ts";
import { peekRegister, registerAddress, type Target } from "../target.ts";
import { fieldText, type NumberStyle, wordText } from "./format-value.ts";
import type { RegisterGroup } from "./register-group.ts";

/** A field of a register's value. */
export interface FieldView {
  readonly name: string;
  readonly msb: number;
  readonly lsb: number;
  readonly raw: bigint;
  /** `(raw << shift) + plus`. */
  readonly meaning: bigint;
  /** What a user reads, see {@link fieldText}. */
  readonly text: string;
  /** Absent: the register's. */
  readonly access?: Access;
  readonly summary: string;
  readonly field: Field;
}

/** A register with its value. */
export interface RegisterView {
  /** The manual's spelling: `GITS_BASER0`. */
  readonly name: string;
  /** Address on the bus; undefined for system registers. */
  readonly address: number | undefined;
  readonly width: 32 | 64;
  readonly access: Access;
  /** Undefined when it was not read: see `unread`. */
  readonly value: bigint | undefined;
  /** Why there is no value, in words. */
  readonly unread?: string;
  /** Value with all digits, or why there is none. */
  readonly text: string;
  readonly resetValue: bigint | undefined;
  readonly summary: string;
  readonly fields: readonly FieldView[];
  /** What a read changes; such a register is never read unasked. */
  readonly readEffect?: string;
  readonly location: RegisterLocation;
}

/** A register with its value, without its fields. */
export type RegisterReading = Omit<RegisterView, "fields">;

/** Whose reset values a target has. */
function implementation(target: Target): Implementation {
  return target.vmm === undefined ? "qemu" : "kvm";
}

/** Reads a register, unless reading it acts or tells nothing. */
export function readRegister(target: Target, location: RegisterLocation, style: NumberStyle = {}): RegisterView {
  const reading = readValue(target, location, style);
  const { value } = reading;
  return {
    ...reading,
    fields: value === undefined ? [] : fieldViews(fieldsOf(location.register, value), value, style),
  };
}

/** A register as {@link readRegister} reads it, without its fields: of many registers few are opened. */
export function readValue(target: Target, location: RegisterLocation, style: NumberStyle = {}): RegisterReading {
  const { register, index, name } = location;
  const address = registerAddress(target, location);
  const unread = unreadReason(register.access, register.readEffect);
  const value = unread === undefined ? peekRegister(target, location) : undefined;
  const missing = value === undefined ? (unread ?? "nothing answers at its address") : undefined;
  return {
    name,
    address,
    width: register.width,
    access: register.access,
    value,
    unread: missing,
    text: value === undefined ? (missing ?? "") : wordText(value, register.width, style),
    resetValue: resetValue({ register, index }, implementation(target)),
    summary: register.summary,
    readEffect: register.readEffect,
    location,
  };
}

/** Every register of a group. */
export function readGroup(target: Target, group: RegisterGroup): RegisterView[] {
  return group.locations.map((location) => readRegister(target, location));
}

/** The value of a register alone, where reading it neither acts nor tells nothing. */
export function readWord(target: Target, location: RegisterLocation): bigint | undefined {
  const { access, readEffect } = location.register;
  return access === "WO" || readEffect !== undefined ? undefined : peekRegister(target, location);
}

function unreadReason(access: Access, readEffect: string | undefined): string | undefined {
  if (access === "WO") return "write-only";
  return readEffect === undefined ? undefined : "not read: reading has an effect";
}

/** The fields of a word. */
export function fieldViews(fields: readonly Field[], value: bigint, style: NumberStyle = {}): FieldView[] {
  return fields.map((field) => {
    const raw = extractRaw(value, field);
    const { name, msb, lsb, access, summary } = field;
    const text = fieldText(field, raw, style);
    return { name, msb, lsb, raw, meaning: extractMeaning(value, field), text, access, summary, field };
  });
}
