import type { Pages } from "./page.ts";

const own = "The language: docs/language.md";
const packet = "Arm IHI 0069 5.3, the fields of the command";

/** A script for a code: what has the problem, what has not, why, and what to do. */
function code(breaks: Pages[string]["breaks"], keeps: string, why: string, fix: string, source = own): Pages[string] {
  return { why, source, breaks, keeps, fix };
}

const mapd = "MAPD DeviceID=8, Size=4, ITT_addr=0x43f00000";

/** Pages of the codes that reading a script gives. */
export const codePages: Pages = {
  ITS0001: code(
    { words: "a file of more than 16 Mi characters", text: () => "#".repeat(2 ** 24 + 1) },
    "let a = 1",
    "Scripts are kept in memory and read at each keystroke, so their length is bounded.",
    "Divide the script, or let fill and raw do what long lists do.",
  ),
  ITS0002: code(
    { words: "a file of more than 500,000 lines", text: () => "\n".repeat(500_001) },
    "let a = 1",
    "Scripts are kept in memory line by line, so their number is bounded.",
    "Divide the script.",
  ),
  ITS0003: code(
    { words: "a file with a NUL byte", text: () => "let a = 1\0" },
    "let a = 1",
    "A saved table or queue was opened as a script.",
    "Open it with the dump editor, or give it to gicwb decode.",
  ),
  ITS0101: code(
    {
      words: "a line of more than 10,000 characters",
      text: () => `# ${"x".repeat(10_001)}\nlet a = ${"1 + ".repeat(3000)}1`,
    },
    "let a = 1",
    "A line is read at each keystroke in it, so its length is bounded.",
    "Name parts of it with let.",
  ),
  ITS0102: code(
    "MPAD DeviceID=8, V=0",
    "MAPD DeviceID=8, V=0",
    "A line begins with a statement word or an ITS command.",
    "Correct the word. The quick fix writes the nearest one.",
  ),
  ITS0103: code("= 1", "let a = 1", "A line begins with a word.", "Write a statement."),
  ITS0104: code(
    "GITS_CTLR = 1",
    "write GITS_CTLR = 1",
    "Whether a register is read or written has effects, so the script says it.",
    "Write write or read before it.",
  ),
  ITS0105: code("let a =", "let a = 1", "The statement is not complete.", "Add what the message names."),
  ITS0106: code(
    "let a = 1 2",
    "let a = 1",
    "One statement a line; a comment begins with #.",
    "Remove the text, or put # before it.",
  ),
  ITS0107: code(
    "let a = 0b12",
    "let a = 0x10",
    "The number has a letter or digit that it cannot have.",
    "Correct it: 0x… hexadecimal, 0b… binary, 0o… octal, K, M and G behind it.",
  ),
  ITS0108: code(
    "let a = 0x10000000000000000",
    "let a = 0xffffffffffffffff",
    "Values have 64 bits.",
    "Use a smaller number.",
  ),
  ITS0109: code("let a = 1 $ 2", "let a = 1 + 2", "The character means nothing here.", "Remove it."),
  ITS0110: code('expect 1, "open', 'expect 1, "closed"', "A string ends on its line.", 'Close it with ".'),
  ITS0111: code(
    { words: "65 parentheses in each other", text: () => `let a = ${"(".repeat(70)}1${")".repeat(70)}` },
    "let a = ((1))",
    "Whoever computes an expression goes down into it; how deep is bounded.",
    "Name a part of it with let.",
  ),
  ITS0112: code(
    "let expect = 1",
    "let nic = 1",
    "A name that is a command, a register or a word of the language could not be told from it.",
    "Choose another name.",
  ),
  ITS0201: code(
    {
      words: "17 machine blocks",
      text: () => "machine { cpus = 1 }\nlet a = 1\n".replace("let a = 1\n", "read GITS_CTLR\n").repeat(17),
    },
    "machine { cpus = 1 }",
    "Each block makes a machine with its RAM.",
    "Divide the script.",
  ),
  ITS0202: code(
    "machine {\n  cpus = 2",
    "machine {\n  cpus = 2\n}",
    "The end of the script finds the block open.",
    "Write }.",
  ),
  ITS0203: code(
    "machine {\n  cpus = 2\nread GITS_CTLR",
    "machine {\n  cpus = 2\n}\nread GITS_CTLR",
    "A statement at the start of a line ends a block whose } is missing.",
    "Write } above it.",
  ),
  ITS0204: code("}", "machine {\n}", "No block is open.", "Remove the }."),
  ITS0205: code(
    "machine { cpu = 2 }",
    "machine { cpus = 2 }",
    "The property does not exist, so nothing would come of it.",
    "Correct the word.",
  ),
  ITS0206: code(
    "machine { cpus = 2  cpus = 4 }",
    "machine { cpus = 2 }",
    "Which of the two is meant is open.",
    "Remove one.",
  ),
  ITS0207: code(
    "machine { cpus = 0 }",
    "machine { cpus = 1 }",
    "No machine can have that.",
    "Use a value in the range that the message names.",
  ),
  ITS0208: code(
    "repeat 2 {\n  SYNC RDbase=0",
    "repeat 2 {\n  SYNC RDbase=0\n}",
    "Which lines are meant for the block is open, so none of them runs.",
    "Write } on a line of its own, as far left as the line that opens the block.",
  ),
  ITS0209: code(
    "repeat 2 {\n} else {\n}",
    "if 1 {\n} else {\n}",
    "An else says what runs where the condition of an if does not hold.",
    "Write the if, or remove the else.",
  ),
  ITS0210: code(
    { words: "Seventeen blocks, one in the other.", text: () => `${"repeat 1 {\n".repeat(17)}${"}\n".repeat(17)}` },
    "repeat 1 {\n  repeat 1 {\n  }\n}",
    "Everything that looks at blocks is bounded.",
    "Make a macro of the inner ones.",
  ),
  ITS0211: code(
    'repeat 2 {\n  test "one" {\n  }\n}',
    'test "one" {\n  repeat 2 {\n  }\n}',
    "A test has a machine of its own, and a macro is there from its line on: neither depends on how often or whether a block runs.",
    "Move it out of the block.",
  ),
  ITS0212: code(
    "batch {\n  let a = 1\n  SYNC RDbase=0\n}",
    "let a = 1\nbatch {\n  SYNC RDbase=0\n}",
    "Lines of a batch are commands that wait in the queue until its }.",
    "Move the line out of the batch.",
  ),
  ITS0213: code(
    "repeat 2 {\n  machine { cpus = 2 }\n}",
    'test "two PEs" {\n  machine { cpus = 2 }\n}',
    "What follows a machine block runs on that machine; in a loop or a branch nobody could say which one that is.",
    "Move it out, or into a test.",
  ),
  ITS0301: code(
    "let a = b",
    "let b = 1\nlet a = b",
    "A name is defined above its first use.",
    "Define it, or correct it.",
  ),
  ITS0302: code(
    "let a = 1\nlet a = 2",
    "let a = 1\nlet b = 2",
    "A name keeps one value, so that a line means the same wherever it is read.",
    "Choose another name.",
  ),
  ITS0303: code(
    "MAPD Device=8, V=0",
    "MAPD DeviceID=8, V=0",
    "Arguments are the fields of the packet.",
    "Correct the name.",
    packet,
  ),
  ITS0304: code(
    "MAPD DeviceID=8",
    mapd,
    "A field that is not written would be 0 without anybody saying so.",
    "Add the argument. The quick fix writes it.",
    packet,
  ),
  ITS0305: code(
    "MAPD DeviceID=8, DeviceID=9, V=0",
    "MAPD DeviceID=8, V=0",
    "Which of the two is meant is open.",
    "Remove one.",
    packet,
  ),
  ITS0306: code(
    "MAPC ICID=0x10000, RDbase=0",
    "MAPC ICID=1, RDbase=0",
    "The field does not hold the value; it would be cut.",
    "Use a value in the range that the message names.",
    packet,
  ),
  ITS0307: code(
    "MAPD DeviceID=8, Size=4, ITT_addr=0x43f00080",
    mapd,
    "The field drops the low bits, so the ITS would use other memory.",
    "Use a multiple. The quick fix writes the address that the field holds.",
    packet,
  ),
  ITS0308: code("read GITS_CTRL", "read GITS_CTLR", "Registers have the manual's names.", "Correct the name."),
  ITS0309: code(
    "read GITS_CTLR.Enable",
    "read GITS_CTLR.Enabled",
    "Fields have the manual's names.",
    "Correct the name.",
  ),
  ITS0310: code(
    `${mapd} => fine`,
    `${mapd} => done`,
    "An expectation that cannot be met would say nothing.",
    "Use one of docs/language.md, Outcomes.",
  ),
  ITS0311: code(
    "write 1 = 2",
    "write32 0x08080000 = 0",
    "An address has no width of its own.",
    "Use write32 or write64, or name a register.",
  ),
  ITS0312: code("read GITS_CTLR@16", "read GITS_CTLR@0", "No machine has so many ITSs.", "Use the number of an ITS."),
  ITS0313: code("vcpu-run 5000", "vcpu-run 0", "No machine has so many PEs.", "Use the number of a PE."),
  ITS0314: code(
    "has-attr VGIC_ITS, CTRL, SAVE",
    "has-attr VGIC_ITS, CTRL, SAVE_TABLES",
    "The kernel has no such attribute.",
    "Correct the word.",
  ),
  ITS0315: code(
    "set-attr VGIC_ITS, CTRL, SAVE_TABLES = 1",
    "set-attr VGIC_ITS, CTRL, SAVE_TABLES",
    "The call takes no value, so it would be dropped.",
    "Remove it.",
  ),
  ITS0316: code(
    "mem32[0x43000000] = read GITS_CTLR",
    "let control = read GITS_CTLR\nmem32[0x43000000] = control",
    "A load has effects, and where it stands it is to be seen how often it is made.",
    "Name what it returns with let, above.",
  ),
  ITS0317: code(
    "macro flush {\n  SYNC RDbase=0\n}\nmacro flush {\n}",
    "macro flush {\n  SYNC RDbase=0\n}",
    "Which of the two a call means would be open.",
    "Choose another name.",
  ),
  ITS0318: code(
    "SYNC RDbase=0 => done on kvn",
    "SYNC RDbase=0 => done on kvm",
    "What is expected of a model that there is not is never looked at.",
    "Correct the word.",
  ),
  ITS0401: code(
    "let a = 0xffffffffffffffff + 1",
    "let a = 0xfffffffffffffffe + 1",
    "Values have 64 bits; a result that is cut would be wrong in silence.",
    "Compute with smaller values, or with & a mask.",
  ),
  ITS0402: code("let a = 1 / 0", "let a = 1 / 1", "The result does not exist.", "Use another divisor."),
  ITS0403: code(
    "let a = 1 << 64",
    "let a = 1 << 63",
    "What a shift by 64 gives differs from machine to machine.",
    "Shift by 0 to 63.",
  ),
  ITS0404: code(
    "let a = 0xff[0:7]",
    "let a = 0xff[7:0]",
    "A slice is [high:low], as the manual writes it.",
    "Swap the two, or correct them.",
  ),
  ITS0405: code("mem8[1 << 52] = 0", "mem8[0x40000000] = 0", "Addresses have 52 bits.", "Correct the address."),
  ITS0406: code(
    "expect priority[8192] == 0",
    `MAPC ICID=0, RDbase=0\n${mapd}\nMAPTI DeviceID=8, EventID=0, pINTID=8192, ICID=0\nexpect priority[8192] == 0xa0`,
    "What is asked for does not exist now.",
    "Map it first, or ask for something else.",
  ),
  ITS0410: code(
    "for i in 5..0 {\n}",
    "for i in 0..5 {\n}",
    "Loops count up; this one would never come to its end, or is meant otherwise than it is written.",
    "Begin with the smaller value, and use a step above 0.",
  ),
  ITS0411: code(
    "repeat 1 << 40 {\n  SYNC RDbase=0\n}",
    "repeat 4 {\n  SYNC RDbase=0\n}",
    "Each turn is kept, so that one can go back to it: a million of them in a run.",
    "Count less, or divide the script.",
  ),
  ITS0409: code(
    "expect dte[-1].valid",
    "expect dte[1].valid == 0",
    "No machine has the id.",
    "Use one in the range that the message names.",
  ),
};
