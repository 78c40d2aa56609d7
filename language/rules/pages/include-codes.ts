import type { Pages } from "./page.ts";

const own = "The language: docs/language.md, Included files";

/** A script for a code with the files beside it: what has the problem, what has not, why, and what to do. */
function code(breaks: Pages[string]["breaks"], keeps: string, why: string, fix: string): Pages[string] {
  return { why, source: own, breaks, keeps, fix };
}

const common = 'include "common.itscmd"';
const lpi = { "common.itscmd": "let lpi = 8192" };

/** Pages of the codes of included files. */
export const includePages: Pages = {
  ITS0701: {
    ...code(
      `test "maps" {\n  ${common}\n}`,
      `${common}\ntest "maps" {\n  print lpi\n}`,
      "What a file defines is seen to the end of the script, which in a block it could not be.",
      "Move the include out of the block; what it is to do there, a macro of that file can do.",
    ),
    files: lpi,
  },
  ITS0702: {
    ...code(
      'include "comon.itscmd"',
      common,
      "The file is not there, may not be read, or lies outside of the folder that the script may read: its own and those below, in an editor the workspace's folder.",
      "Put the file beside the script or below, and correct its name, which is relative to the file that the line stands in.",
    ),
    files: lpi,
  },
  ITS0703: {
    ...code(
      'include "queue.bin"',
      common,
      "The file is too large for a script, or holds bytes that no text has.",
      "Include a script. The bytes of a file come into memory with load.",
    ),
    files: { ...lpi, "queue.bin": { words: "32 bytes of a saved queue", text: () => "\u0008\0\0\0" } },
  },
  ITS0704: {
    ...code(
      'include "example.itscmd"',
      common,
      "A file that includes itself, or one that includes it in turn, would have no end.",
      "Move what both need into a file of its own, which both include.",
    ),
    files: { ...lpi, "example.itscmd": { words: "the script itself", text: () => 'include "example.itscmd"' } },
  },
  ITS0705: {
    ...code(
      {
        words: "a script that includes more than 128 files",
        text: () => Array.from({ length: 129 }, (_, at) => `include "${at}.itscmd"\n`).join(""),
      },
      common,
      "Every file is read when the script is opened, and looked at again when files change, so their number is bounded: 128 in all, 8 of them one in the other.",
      "Bring some of them together.",
    ),
    files: lpi,
  },
  ITS0706: {
    ...code(
      'include "wrong.itscmd"',
      common,
      "A line of the file is wrong, and does not run; the rest of the file does. The message says which.",
      "Open the file at the line that the message names, and correct it there.",
    ),
    files: { "wrong.itscmd": "let lpi =", ...lpi },
  },
  ITS0707: {
    ...code(
      `let lpi = 8193\n${common}`,
      `let own = 8193\n${common}`,
      "One name for two things, one of the script and one of the file, would mean the one or the other, as the line has it.",
      "Rename one of the two.",
    ),
    files: lpi,
  },
  ITS0708: {
    ...code(
      'include "other.itscmd"',
      'SYNC RDbase=0\nmachine {\n  model = qemu\n}\ninclude "common.itscmd"',
      "Which lines run on which machine has to be seen in the script itself.",
      "Move the machine block from the file into the script, in front of the include.",
    ),
    files: { "other.itscmd": "SYNC RDbase=0\nmachine {\n  model = qemu\n}\nlet lpi = 8192", ...lpi },
  },
  ITS0709: {
    ...code(
      'include "tested.itscmd"',
      common,
      "Tests run with the file that they stand in, and the machine is that of the script: of the file it is taken only where the include stands above all statements.",
      "Nothing, if that is meant. Else move the include above all statements, or the tests into a file of their own.",
    ),
    files: { "tested.itscmd": 'let lpi = 8192\ntest "an LPI" {\n  expect lpi >= 8192\n}', ...lpi },
  },
};
