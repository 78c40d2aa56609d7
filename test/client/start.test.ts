import assert from "node:assert/strict";
import { globSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { freeName, sampleBytes } from "../../client/start/sample-files.ts";
import manifestFile from "../../package.json" with { type: "json" };
import { languages, readTexts } from "../../scripts/l10n.ts";
import { nlsOf, resolved } from "../../scripts/nls.ts";
import { sampleFiles } from "../../scripts/samples.ts";
import { manifest } from "./manifest.ts";

const root = path.resolve(import.meta.dirname, "../..");
const { contributes } = manifest;
const commands = new Set(contributes.commands.map(({ command }) => command));
const source = globSync("client/**/*.ts", { cwd: root })
  .map((file) => readFileSync(path.join(root, file), "utf8"))
  .join("\n");

/** The commands that buttons and links of a text run. */
const commandsOf = (text: string): string[] => [...text.matchAll(/\]\(command:([\w.]+)[?)]/g)].map(([, name]) => name);

describe("the walkthrough", () => {
  const [walkthrough] = contributes.walkthroughs;

  it("leads by steps that each have a button and something to see of a few KB, and that can be completed", () => {
    assert.deepEqual(
      walkthrough.steps.map(({ id }) => id),
      ["step", "stepBack", "decode", "trace", "reviews", "write"],
    );
    for (const { id, description, media, completionEvents } of walkthrough.steps) {
      assert.ok(commandsOf(description).length > 0, id);
      const file = "image" in media ? media.image : media.markdown;
      const { size } = statSync(path.join(root, file ?? ""));
      assert.ok(size > 100 && size < 12_000, `${file} is ${size} bytes`);
      if ("image" in media) assert.ok((media.altText ?? "").length > 10, id);
      for (const event of completionEvents) {
        const [kind, name] = event.split(":");
        if (kind === "onCommand") assert.ok(commands.has(name), event);
        else assert.ok(kind === "onContext" && source.includes(`"${name}"`), event);
      }
    }
  });

  it("is opened by the name that it has", () => {
    assert.ok(source.includes(`"${manifest.publisher}.${manifest.name}#${walkthrough.id}"`));
  });

  it("and the welcome view have buttons of commands that there are, in every language", () => {
    for (const texts of [
      manifest,
      ...languages.map((language) => resolved(manifestFile, readTexts(nlsOf(language)))),
    ]) {
      const { walkthroughs, viewsWelcome } = texts.contributes;
      const said = [
        ...walkthroughs[0].steps.map((step) => step.description),
        ...viewsWelcome.map((view) => view.contents),
      ];
      for (const command of said.flatMap(commandsOf)) assert.ok(commands.has(command), command);
    }
  });
});

describe("the samples in the package", () => {
  it("are the examples, byte for byte", () => {
    const files = sampleFiles();
    const there = readdirSync(path.join(root, "examples"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(path.join(root, "examples"), path.join(entry.parentPath, entry.name)));
    assert.deepEqual(Object.keys(files), there.map((name) => name.split(path.sep).join("/")).sort());
    for (const [name, content] of Object.entries(JSON.parse(JSON.stringify(files)) as typeof files)) {
      assert.deepEqual(Buffer.from(sampleBytes(content)), readFileSync(path.join(root, "examples", name)), name);
    }
  });

  it("have those that the walkthrough and the templates open", () => {
    const files = sampleFiles();
    const opened = [
      ...[...source.matchAll(/samples\.open\("([^"]+)"/g)].map(([, name]) => name),
      ...[...source.matchAll(/\{ name: "(\d{4}-[\w-]+)"/g)].map(([, name]) => `reviews/${name}.itscmd`),
      ...[...source.matchAll(/\{ name: "([\w.-]+)", label: startTexts\.template/g)].map(
        ([, name]) => `templates/${name}.itscmd`,
      ),
    ];
    assert.equal(opened.length, 3 + 5 + 4);
    for (const name of opened) assert.equal(typeof files[name], "string", name);
  });

  it("go to the first name that is free", async () => {
    const taken = new Set(["a", "a-2", "b-2"]);
    assert.equal(await freeName("a", async (name) => taken.has(name)), "a-3");
    assert.equal(await freeName("b", async (name) => taken.has(name)), "b");
  });
});
