import assert from "node:assert/strict";
import { test } from "node:test";
import {
  commandByName,
  commandErrorByCode,
  commandErrorByName,
  commandErrors,
  errorClass,
  errorKindByCode,
  errorKinds,
} from "../../architecture/index.ts";

/** Codes that Linux defines (E_ITS_*). */
const linuxCodes: readonly (readonly [number, string])[] = [
  [0x010107, "MOVI_UNMAPPED_INTERRUPT"],
  [0x010109, "MOVI_UNMAPPED_COLLECTION"],
  [0x010307, "INT_UNMAPPED_INTERRUPT"],
  [0x010507, "CLEAR_UNMAPPED_INTERRUPT"],
  [0x010801, "MAPD_DEVICE_OOR"],
  [0x010802, "MAPD_ITTSIZE_OOR"],
  [0x010902, "MAPC_PROCNUM_OOR"],
  [0x010903, "MAPC_COLLECTION_OOR"],
  [0x010a04, "MAPTI_UNMAPPED_DEVICE"],
  [0x010a05, "MAPTI_ID_OOR"],
  [0x010a06, "MAPTI_PHYSICALID_OOR"],
  [0x010c07, "INV_UNMAPPED_INTERRUPT"],
  [0x010d09, "INVALL_UNMAPPED_COLLECTION"],
  [0x010e01, "MOVALL_PROCNUM_OOR"],
  [0x010f07, "DISCARD_UNMAPPED_INTERRUPT"],
];

test("every code that Linux defines is found, under its name, as confirmed", () => {
  for (const [code, name] of linuxCodes) {
    const error = commandErrorByCode(code);
    assert.equal(error?.name, name);
    assert.equal(error?.confirmed, true, name);
    assert.match(error?.source ?? "", /Linux/, name);
    assert.equal(commandErrorByName(name), error);
  }
});

test("codes and names are unique", () => {
  assert.equal(new Set(commandErrors.map(({ code }) => code)).size, commandErrors.length);
  assert.equal(new Set(commandErrors.map(({ name }) => name)).size, commandErrors.length);
  assert.equal(new Set(errorKinds.map(({ code }) => code)).size, errorKinds.length);
});

test("a code is 0x01, the class of its command and its kind", () => {
  for (const { code, name, command, kind } of commandErrors) {
    assert.equal(code >> 16, 0x01, name);
    assert.equal((code >> 8) & 0xff, errorClass(command), name);
    assert.equal(code & 0xff, kind, name);
    assert.ok(name.startsWith(`${command}_`), name);
    assert.ok(errorKindByCode(kind), name);
  }
});

test("the class is the opcode, but for CLEAR", () => {
  assert.equal(errorClass("CLEAR"), 0x05);
  for (const name of new Set(commandErrors.map(({ command }) => command))) {
    if (name !== "CLEAR") assert.equal(errorClass(name), commandByName(name)?.opcode, name);
  }
  assert.equal(errorClass("NOP"), undefined);
});

test("every error says what happened and what to do, and those without a source are not confirmed", () => {
  for (const { name, command, summary, advice, source, confirmed } of commandErrors) {
    assert.ok(summary.startsWith(command), name);
    assert.match(summary, /\.$/, name);
    assert.match(advice, /^[A-Z].*\.$/, name);
    assert.equal(confirmed, source !== "pattern of the other codes", name);
  }
});
