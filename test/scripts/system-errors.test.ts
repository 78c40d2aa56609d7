import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, it } from "node:test";
import { systemSentence } from "../../scripts/system-errors.ts";

const folder = mkdtempSync(path.join(tmpdir(), "gicwb-errors-"));
after(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, "a-file");
writeFileSync(file, "");

function sentenceOf(action: () => void): string | undefined {
  try {
    action();
  } catch (error) {
    return systemSentence(error);
  }
  assert.fail("the system has refused nothing");
}

const system = (code: string, syscall: string, where?: string) =>
  systemSentence(Object.assign(new Error(code), { code, syscall, ...(where === undefined ? {} : { path: where }) }));

it("a full disk is said with what to do", () => {
  assert.match(
    system("ENOSPC", "write") ?? "",
    /^The disk of .* is full \(ENOSPC\): make room there\. XDG_CACHE_HOME and/,
  );
  assert.match(system("EDQUOT", "open", "/home/me/x") ?? "", /^The disk of \/home\/me\/x is full \(EDQUOT\)/);
});

it("a folder that is none is said with its name", () => {
  assert.match(sentenceOf(() => mkdirSync(path.join(file, "x"))) ?? "", /a-file\/x cannot be written \(ENOTDIR\)/);
});

it("a folder that cannot be made is said with its name: so Node tells of a read-only file system, too", () => {
  const where = path.join(folder, "absent", "profile");
  assert.match(sentenceOf(() => mkdirSync(where)) ?? "", /absent\/profile cannot be made \(ENOENT\)/);
});

it("a read-only file system and missing rights are said", () => {
  assert.match(
    system("EROFS", "mkdtemp", "/tmp/gicwb-XXXXXX") ?? "",
    /^\/tmp\/gicwb-XXXXXX cannot be written \(EROFS\)/,
  );
  assert.match(system("EACCES", "open", "/etc/x") ?? "", /^\/etc\/x cannot be written \(EACCES\)/);
});

it("a defect of ours keeps its stack: a file of the project that is not there, an error of our own", () => {
  assert.equal(
    sentenceOf(() => readFileSync(path.join(folder, "absent"))),
    undefined,
  );
  assert.equal(systemSentence(new TypeError("x is not a function")), undefined);
  assert.equal(systemSentence(Object.assign(new Error("own"), { code: "ENOSPC" })), undefined);
});
