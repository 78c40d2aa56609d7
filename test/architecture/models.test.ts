import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  defaultModel,
  isDraft,
  modelFamily,
  models,
  modelTitle,
  modelWords,
  resolveModel,
} from "../../architecture/index.ts";
import { modelByName, modelNames } from "../../emulator/index.ts";

describe("model names", () => {
  test("each has a model of its family, and no model is without a name", () => {
    assert.deepEqual([...modelNames].sort(), models.map(({ name }) => name).sort());
    for (const { name, family } of models) assert.ok(family in modelByName(name), name);
  });
  test("a model is called by its name's title; a kernel by its exact version", () => {
    for (const { name, kind, family, title } of models) {
      const exact = modelByName(name).title;
      if (family === "kvm" && kind === "release") assert.ok(exact.startsWith(`${title}.`), exact);
      else assert.equal(exact, title);
      assert.equal(modelTitle(name), title);
    }
  });
  test("names and aliases are each one model's", () => {
    const words = modelWords();
    assert.equal(new Set(words).size, words.length);
    for (const { name, aliases } of models)
      for (const word of [name, ...aliases]) assert.equal(resolveModel(word), name);
    assert.equal(resolveModel("constructor"), undefined);
  });
  test("a family's words are those of its models", () => {
    assert.deepEqual(modelWords("qemu"), ["qemu-7.2", "qemu", "qemu-11.1"]);
    assert.deepEqual(
      modelWords("kvm"),
      modelWords().filter((word) => word.startsWith("kvm")),
    );
  });
  test("the default is a release of KVM", () => {
    assert.equal(modelFamily(defaultModel), "kvm");
    assert.ok(!isDraft(defaultModel));
  });
});
