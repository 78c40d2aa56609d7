import assert from "node:assert/strict";
import { it } from "node:test";
import { type Chord, isChord } from "../../client/webview/parts/keyboard.ts";

/** A key with those of its modifiers that are pressed. */
function key(name: string, ...pressed: readonly ("ctrlKey" | "metaKey" | "shiftKey" | "altKey")[]): Chord {
  const none = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };
  return { key: name, ...none, ...Object.fromEntries(pressed.map((one) => [one, true])) };
}

it("Ctrl or Cmd with a letter is the same key with caps lock, and another one with Shift or Alt", () => {
  assert.ok(isChord(key("f", "ctrlKey"), "f"));
  assert.ok(isChord(key("F", "ctrlKey"), "f"));
  assert.ok(isChord(key("f", "metaKey"), "f"));
  assert.ok(!isChord(key("f"), "f"));
  assert.ok(!isChord(key("F", "ctrlKey", "shiftKey"), "f"));
  assert.ok(!isChord(key("f", "ctrlKey", "altKey"), "f"));
  assert.ok(!isChord(key("g", "ctrlKey"), "f"));
});
