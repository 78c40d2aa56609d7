import assert from "node:assert/strict";
import fs from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough } from "node:stream";
import { after, describe, it } from "node:test";
import url from "node:url";
import type { PublishDiagnosticsParams, WorkspaceEdit } from "vscode-languageserver/node";
import {
  createConnection,
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { ScriptDocument } from "../../language/index.ts";
import { serve } from "../../server/connection.ts";
import { rename } from "../../server/editing/rename.ts";
import { pathsAfterRename } from "../../server/editing/rename-files.ts";
import { hover } from "../../server/hover/hover.ts";
import {
  callSources,
  incomingCalls,
  outgoingCalls,
  prepareCallHierarchy,
} from "../../server/navigation/call-hierarchy.ts";
import { definition } from "../../server/navigation/definition.ts";
import { documentLinks } from "../../server/navigation/document-links.ts";
import { references } from "../../server/navigation/references.ts";
import { scriptDiagnostics } from "../../server/scripts/diagnostics.ts";
import { OpenScripts } from "../../server/scripts/documents.ts";
import type { Script } from "../../server/scripts/script.ts";
import { nodeFiles } from "../../server/workspace/node-files.ts";
import { ScriptPlaces } from "../../server/workspace/script-places.ts";
import { settle, stopped, strict } from "./kit.ts";

const base = fs.realpathSync(fs.mkdtempSync(path.join(tmpdir(), "gic server ö ")));
after(() => fs.rmSync(base, { recursive: true, force: true }));
fs.mkdirSync(path.join(base, "scripts"));

const uriOf = (name: string): string => url.pathToFileURL(path.join(base, name)).href;
function file(name: string, text: string): string {
  fs.writeFileSync(path.join(base, name), text);
  return uriOf(name);
}

const common = file(
  "scripts/common.itscmd",
  "## Maps an event.\nmacro map e {\n  MAPTI DeviceID=8, EventID=e, pINTID=8192 + e, ICID=0\n}\nlet lpi = 8192\n",
);
const main = uriOf("scripts/main.itscmd");
const MAIN = 'include "common.itscmd"\nmap e=lpi - 8190\n';

function workspace(folders: readonly string[] = []): OpenScripts {
  const places = new ScriptPlaces(
    nodeFiles,
    () => folders,
    (file) => scripts.textOf(file),
  );
  const scripts = new OpenScripts(strict, true, stopped, places);
  return scripts;
}

function opened(scripts: OpenScripts, uri: string, text: string): Script {
  scripts.open(uri, 1, text);
  const script = scripts.get(uri);
  assert.ok(script);
  settle(script);
  return script;
}

const told = (script: Script): string[] =>
  scriptDiagnostics(script, { maxProblems: 100 }).map(
    ({ code, range, message }) => `${range.start.line + 1} ${code} ${message}`,
  );

describe("the server with included files", () => {
  it("leads from a path, a macro and a name to the file", () => {
    const script = opened(workspace(), main, MAIN);
    const at = (line: number, character: number) =>
      definition(script, { line, character }).map(({ targetUri, targetSelectionRange: { start } }) => [
        targetUri,
        start.line,
        start.character,
      ]);
    assert.deepEqual([at(0, 12), at(1, 1), at(1, 7)], [[[common, 0, 0]], [[common, 1, 6]], [[common, 4, 4]]]);
    assert.deepEqual(documentLinks(script), [
      { range: { start: { line: 0, character: 9 }, end: { line: 0, character: 22 } }, target: common },
    ]);
  });

  it("shows of a macro and a name where they are defined", () => {
    const script = opened(workspace(), main, MAIN);
    const shown = (character: number): string => JSON.stringify(hover(script, { line: 1, character }));
    assert.match(shown(1), /macro map e.*Maps an event\..*Defined in line 2 of common\.itscmd/);
    assert.match(shown(7), /let lpi = 8192.*0x2000.*Defined in line 5 of common\.itscmd/);
  });

  it("renames no name of a file that nobody reads", () => {
    const script = opened(workspace(), main, MAIN);
    const answer = rename(script, { line: 1, character: 7 }, "other");
    assert.match("refusal" in answer ? answer.refusal : "", /common\.itscmd, which cannot be read\./);
  });

  it("renames what a file defines there and in all that include it, unless one of them has the name", () => {
    const scripts = workspace();
    const script = opened(scripts, main, MAIN);
    const own = opened(scripts, common, fs.readFileSync(path.join(base, "scripts/common.itscmd"), "utf8"));
    const user = opened(scripts, uriOf("scripts/user.itscmd"), 'include "common.itscmd"\nmap e=lpi\n# lpi\n');
    const free = opened(scripts, uriOf("scripts/free.itscmd"), "let lpi = 1\nlet other = lpi\n");
    const all = [script, own, user, free];
    const renamed = (from: Script, line: number, character: number, name: string) => {
      const answer = rename(
        from,
        { line, character },
        name,
        all.filter((one) => one !== from),
      );
      if ("refusal" in answer) return answer.refusal;
      return Object.entries(answer.changes ?? {})
        .map(([uri, edits]) => {
          const places = edits.map(({ range: { start } }) => `${start.line + 1}:${start.character}`);
          return `${path.basename(uri)} ${places.join(" ")}`;
        })
        .sort();
    };
    // A name, from each side; `lpi` of a script that does not include the file is another one.
    const ofName = ["common.itscmd 5:4", "main.itscmd 2:6", "user.itscmd 2:6"];
    assert.deepEqual(renamed(script, 1, 7, "first"), ofName);
    assert.deepEqual(renamed(own, 4, 5, "first"), ofName);
    assert.deepEqual(renamed(free, 0, 5, "first"), ["free.itscmd 1:4 2:12"]);
    // A macro, and its parameter from a call.
    assert.deepEqual(renamed(own, 1, 7, "link"), ["common.itscmd 2:6", "main.itscmd 2:0", "user.itscmd 2:0"]);
    const ofParameter = ["common.itscmd 2:10 3:28 3:45", "main.itscmd 2:4", "user.itscmd 2:4"];
    assert.deepEqual(renamed(own, 1, 10, "event"), ofParameter);
    assert.deepEqual(renamed(user, 1, 4, "event"), ofParameter);
    scripts.open(user.uri, 2, 'include "common.itscmd"\nlet first = lpi\n');
    all[2] = scripts.get(user.uri) ?? user;
    assert.equal(renamed(own, 4, 5, "first"), "In user.itscmd: 'first' is defined already.");
    assert.equal(
      renamed(own, 1, 7, "print"),
      "In main.itscmd: 'print' means something else on line 2. Choose another name.",
    );
  });

  it("finds the uses of what a file defines, its definition there first", () => {
    const script = opened(workspace(), main, MAIN);
    const places = (character: number) =>
      references(script, { line: 1, character }, true).map(({ uri, range: { start } }) => [
        uri,
        start.line,
        start.character,
      ]);
    assert.deepEqual(places(1), [
      [common, 1, 6],
      [main, 1, 0],
    ]);
    // The parameter that a call gives a value.
    assert.deepEqual(places(4), [
      [common, 1, 10],
      [main, 1, 4],
    ]);
  });

  it("finds who calls a macro of a file, whether that is open or not", () => {
    const scripts = workspace();
    const other = uriOf("scripts/other.itscmd");
    opened(scripts, other, 'include "common.itscmd"\nmacro twice {\n  map e=1\n  map e=2\n}\n');
    const script = opened(scripts, main, MAIN);
    const callers = () => {
      const sources = callSources(scripts.all());
      const [item] = prepareCallHierarchy(script, { line: 1, character: 1 }, sources) ?? [];
      assert.equal(item.uri, common);
      const source = sources.find(({ uri }) => uri === item.uri);
      assert.ok(source);
      return incomingCalls(source, item.name, sources).map(({ from, fromRanges }) => [
        from.uri,
        from.name,
        fromRanges.length,
      ]);
    };
    const expected = [
      [other, "twice", 2],
      [main, "script", 1],
    ];
    assert.deepEqual(callers(), expected);
    opened(scripts, common, fs.readFileSync(path.join(base, "scripts/common.itscmd"), "utf8"));
    assert.deepEqual(callers(), expected);
  });

  it("has calls that lead from a macro into another file", () => {
    const scripts = workspace();
    const script = opened(scripts, main, 'include "common.itscmd"\nmacro twice {\n  map e=1\n  map e=2\n}\n');
    const found = outgoingCalls(script, "twice", callSources(scripts.all()));
    assert.deepEqual(
      found.map(({ to, fromRanges }) => [to.uri, to.name, fromRanges.length]),
      [[common, "map", 2]],
    );
  });

  it("tells what is wrong in a file at the line that includes it, with a way there", () => {
    const wrong = file("scripts/wrong.itscmd", "SYNC RDbase=0\nexpect 1 == 2\nMAPC ICID=\n");
    const script = opened(workspace(), main, '\n  include "wrong.itscmd"\n');
    const found = scriptDiagnostics(script, { maxProblems: 100 });
    assert.deepEqual(
      found.map(({ code, range, relatedInformation }) => [
        code,
        range.start.line,
        relatedInformation?.[0].location.uri,
        relatedInformation?.[0].location.range.start.line,
      ]),
      [
        ["ITS0706", 1, wrong, 2],
        ["ITS0510", 1, wrong, 1],
      ],
    );
  });

  it("reads the script's folder, and the workspace folder where there is one", () => {
    file("top.itscmd", "let top = 1\n");
    const text = 'include "../top.itscmd"\nprint top\n';
    assert.match(told(opened(workspace(), main, text))[0], /^1 ITS0702 .*outside the script's folder/);
    assert.deepEqual(told(opened(workspace([url.pathToFileURL(base).href]), main, text)), []);
    assert.match(told(opened(workspace([uriOf("other")]), main, text))[0], /^1 ITS0702 .*outside the script's folder/);
  });

  it("says that scripts which are no files have none", () => {
    for (const uri of ["untitled:Untitled-1", "file://host/x.itscmd", "vscode-vfs://a/b.itscmd"])
      assert.match(told(opened(workspace(), uri, 'include "a"\n'))[0], /scripts have no files here/);
    const browser = new OpenScripts(strict, true, stopped);
    assert.match(told(opened(browser, main, MAIN))[0], /scripts have no files here/);
  });

  it("reads what is in the editor before what is on disk", () => {
    const scripts = workspace();
    const script = opened(scripts, main, MAIN);
    assert.match(told(script)[0], /is not mapped|ITS0501/);
    opened(scripts, common, "macro map e {\n}\nlet lpi = 9\n");
    assert.deepEqual(scripts.including(common), [main]);
    assert.deepEqual(scripts.refreshIncludes(undefined), [main]);
    settle(script);
    assert.deepEqual(told(script), []);
    scripts.close(common);
    assert.deepEqual(scripts.refreshIncludes(new Set([main])), [main]);
    settle(script);
    assert.equal(told(script).length, 1);
  });
});

describe("the paths of a script once files have other names", () => {
  const { lines } = new ScriptDocument(
    'include "common.itscmd"\n  include "../lib/ö \\"x\\".itscmd"\nload "a.bin" at 0x43000000\nprint "a.bin"\ninclude "/x"',
  );
  const of = (oldUri: string, newUri: string) =>
    pathsAfterRename("file:///w/scripts/main.itscmd", lines, [{ oldUri, newUri }]).map(
      ({ range, newText }) => `${range.start.line} ${newText}`,
    );
  const cases: readonly (readonly [title: string, from: string, to: string, edits: readonly string[]])[] = [
    ["of an included file", "w/scripts/common.itscmd", "w/lib/base.itscmd", ['0 "../lib/base.itscmd"']],
    ["of a file that is loaded", "w/scripts/a.bin", "w/scripts/b/a.bin", ['2 "b/a.bin"']],
    ["of a folder", "w/lib/", "w/library/", ['1 "../library/ö \\"x\\".itscmd"']],
    ["with other escapes", "w/lib/%C3%B6%20%22x%22.itscmd", "w/lib/y.itscmd", ['1 "../lib/y.itscmd"']],
    [
      "of the script itself",
      "w/scripts/main.itscmd",
      "w/main.itscmd",
      ['0 "scripts/common.itscmd"', '1 "lib/ö \\"x\\".itscmd"', '2 "scripts/a.bin"'],
    ],
    ["of the folder that holds all of them", "w", "v", []],
    ["of a script beside it", "w/scripts/main.itscmd", "w/scripts/other.itscmd", []],
    ["of a folder whose name begins alike", "w/li", "w/x", []],
  ];
  for (const [title, from, to, edits] of cases)
    it(title, () => assert.deepEqual(of(`file:///${from}`, `file:///${to}`), edits));
});

describe("a session with included files", () => {
  it("checks scripts again when a file that they include is edited, or changes on disk", async () => {
    const waiting: (() => void)[] = [];
    const later = (_milliseconds: number, callback: () => void) => {
      waiting.push(callback);
      return () => void waiting.splice(waiting.indexOf(callback), waiting.includes(callback) ? 1 : 0);
    };
    const [toServer, toClient] = [new PassThrough(), new PassThrough()];
    serve(
      createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)),
      { now: stopped, later, turn: (callback) => later(0, callback) },
      undefined,
      nodeFiles,
    );
    const client = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
    const published = new Map<string, string[]>();
    client.onNotification("textDocument/publishDiagnostics", ({ uri, diagnostics }: PublishDiagnosticsParams) => {
      published.set(
        uri,
        diagnostics.map(({ code }) => String(code)),
      );
    });
    const watched: unknown[] = [];
    client.onRequest("client/registerCapability", (parameters) => void watched.push(parameters));
    client.listen();
    await client.sendRequest("initialize", {
      processId: null,
      rootUri: null,
      workspaceFolders: [{ uri: url.pathToFileURL(base).href, name: "base" }],
      capabilities: {
        general: { positionEncodings: ["utf-8"] },
        workspace: { didChangeWatchedFiles: { dynamicRegistration: true } },
      },
    });
    await client.sendNotification("initialized", {});
    /** What is known of the main script once the server has nothing to do. */
    const known = async (): Promise<string[] | undefined> => {
      // An answer comes behind all that was sent before.
      await client.sendRequest("textDocument/hover", {
        textDocument: { uri: main },
        position: { line: 0, character: 0 },
      });
      while (waiting.length > 0) waiting.shift()?.();
      await client.sendRequest("textDocument/hover", {
        textDocument: { uri: main },
        position: { line: 0, character: 0 },
      });
      return published.get(main);
    };
    const inner = file("scripts/inner.itscmd", "let a = 1\n");
    const document = (uri: string, text: string) => ({ textDocument: { uri, languageId: "itscmd", version: 1, text } });
    await client.sendNotification("textDocument/didOpen", document(main, 'include "inner.itscmd"\nprint a\n'));
    assert.deepEqual(await known(), []);
    assert.match(JSON.stringify(watched), /didChangeWatchedFiles.*\*\*\/\*\.itscmd/);
    await client.sendNotification("textDocument/didOpen", document(inner, "let a = 1\n"));
    await client.sendNotification("textDocument/didChange", {
      textDocument: { uri: inner, version: 2 },
      contentChanges: [{ text: "let b = 1\n" }],
    });
    assert.deepEqual(await known(), ["ITS0301"]);
    await client.sendNotification("textDocument/didClose", { textDocument: { uri: inner } });
    assert.deepEqual(await known(), []);
    fs.rmSync(path.join(base, "scripts/inner.itscmd"));
    await client.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: inner, type: 3 }] });
    assert.deepEqual(await known(), ["ITS0702", "ITS0301"]);
    file("scripts/inner.itscmd", "let a = 1\n");
    await client.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: inner, type: 1 }] });
    assert.deepEqual(await known(), []);
    // Columns in bytes, also of what is not open.
    file("scripts/reader.itscmd", 'include "inner.itscmd"\nprint "ö", a\n');
    let named: WorkspaceEdit | undefined;
    const asked = client
      .sendRequest<WorkspaceEdit>("textDocument/rename", {
        textDocument: { uri: main },
        position: { line: 1, character: 6 },
        newName: "b",
      })
      .then((edit) => {
        named = edit;
      });
    for (; named === undefined; await new Promise<void>((resolve) => setImmediate(resolve))) waiting.shift()?.();
    await asked;
    assert.deepEqual(
      Object.entries(named?.changes ?? {})
        .map(([uri, [{ range }]]) => `${path.basename(uri)} ${range.start.line}:${range.start.character}`)
        .sort(),
      ["inner.itscmd 0:4", "main.itscmd 1:6", "reader.itscmd 1:12"],
    );
    fs.rmSync(path.join(base, "scripts/reader.itscmd"));
    file("scripts/closed.itscmd", '# not open\ninclude "inner.itscmd"\n');
    const renamed = { oldUri: inner, newUri: uriOf("scripts/deeper/inner.itscmd") };
    const edit = await client.sendRequest<WorkspaceEdit>("workspace/willRenameFiles", { files: [renamed] });
    assert.deepEqual(
      Object.entries(edit.changes ?? {}).map(([uri, [{ range, newText }]]) => [uri, range.start.line, newText]),
      [
        [main, 0, '"deeper/inner.itscmd"'],
        [uriOf("scripts/closed.itscmd"), 1, '"deeper/inner.itscmd"'],
      ],
    );
    client.dispose();
    toServer.destroy();
    toClient.destroy();
  });
});
