/** What a keyword is used for, shown in completion, hovers and the reference. */
export interface KeywordDoc {
  readonly word: string;
  /** Its form; words in capitals stand for what the user writes, brackets for what may be left out. */
  readonly form: string;
  /** One line. */
  readonly summary: string;
  /** Lines that may be copied as they are. */
  readonly example: string;
}

/** Every word that begins a statement, ITS commands apart. Parser, completion, hovers, the grammar and docs/language.md go by this table. */
export const statementKeywords = [
  {
    word: "machine",
    form: "machine { PROPERTY = VALUE … }",
    summary:
      "Describes the emulated machine. Further down in a script it begins a new machine; names keep their values.",
    example: "machine { model = kvm-7.2  cpus = 4  setup = ready }",
  },
  {
    word: "let",
    form: "let NAME = EXPRESSION",
    summary: "Names a value. An expression that reads the machine's state is computed when the line runs.",
    example: "let nic = 0x10",
  },
  {
    word: "raw",
    form: "raw[@ITS] DW0, DW1, DW2, DW3 [=> OUTCOME]",
    summary: "Queues four 64-bit words as they are, as one 32-byte command.",
    example: "raw 0x5, 0, 0x30000, 0",
  },
  {
    word: "msi",
    form: "msi[@ITS] DeviceID=VALUE, EventID=VALUE [=> OUTCOME]",
    summary: "A device writes GITS_TRANSLATER: the ITS translates its EventID and makes the LPI pending.",
    example: "msi DeviceID=0x10, EventID=0",
  },
  {
    word: "write",
    form: "write REGISTER[.FIELD] = VALUE | write REGISTER = { FIELD=VALUE, … }",
    summary: "Writes a register with its own width. With a field: reads it, replaces the field, writes it back.",
    example: "write GITS_CTLR.Enabled = 1",
  },
  {
    word: "write8",
    form: "write8 REGISTER | ADDRESS[@PE] = VALUE",
    summary: "An 8-bit MMIO write to a register or to a physical address.",
    example: "write8 GICD_IPRIORITYR8 = 0x80",
  },
  {
    word: "write16",
    form: "write16 REGISTER | ADDRESS[@PE] = VALUE",
    summary: "A 16-bit MMIO write to a register or to a physical address.",
    example: "write16 0x08000420 = 0x8080",
  },
  {
    word: "write32",
    form: "write32 REGISTER | ADDRESS[@PE] = VALUE",
    summary: "A 32-bit MMIO write to a register or to a physical address.",
    example: "write32 0x08080000 = 1",
  },
  {
    word: "write64",
    form: "write64 REGISTER | ADDRESS[@PE] = VALUE",
    summary: "A 64-bit MMIO write to a register or to a physical address.",
    example: "write64 GITS_CWRITER = 0x20",
  },
  {
    word: "read",
    form: "read REGISTER[.FIELD] | read STATE",
    summary:
      "Shows a register, or other state such as dte[0x10] or pending[8192]. A register is read by MMIO, with its effects.",
    example: "read GITS_CREADR",
  },
  {
    word: "read8",
    form: "read8 REGISTER | ADDRESS[@PE]",
    summary: "Shows what an 8-bit MMIO read of a register or a physical address returns.",
    example: "read8 GICD_IPRIORITYR8",
  },
  {
    word: "read16",
    form: "read16 REGISTER | ADDRESS[@PE]",
    summary: "Shows what a 16-bit MMIO read of a register or a physical address returns.",
    example: "read16 0x08000420",
  },
  {
    word: "read32",
    form: "read32 REGISTER | ADDRESS[@PE]",
    summary: "Shows what a 32-bit MMIO read of a register or a physical address returns.",
    example: "read32 0x08080000",
  },
  {
    word: "read64",
    form: "read64 REGISTER | ADDRESS[@PE]",
    summary: "Shows what a 64-bit MMIO read of a register or a physical address returns.",
    example: "read64 GITS_TYPER",
  },
  {
    word: "mem8",
    form: "mem8[ADDRESS] = VALUE",
    summary: "Stores a byte in guest memory.",
    example: "mem8[0x40200000] = 0xa1",
  },
  {
    word: "mem16",
    form: "mem16[ADDRESS] = VALUE",
    summary: "Stores 2 bytes in guest memory, little-endian.",
    example: "mem16[0x40200000] = 0xa1a1",
  },
  {
    word: "mem32",
    form: "mem32[ADDRESS] = VALUE",
    summary: "Stores 4 bytes in guest memory, little-endian.",
    example: "mem32[0x40200000] = 0",
  },
  {
    word: "mem64",
    form: "mem64[ADDRESS] = VALUE",
    summary: "Stores 8 bytes in guest memory, little-endian.",
    example: "mem64[0x40100000] = 0x8000000000000000",
  },
  {
    word: "fill",
    form: "fill ADDRESS, LENGTH, BYTE",
    summary: "Stores the same byte LENGTH times, from ADDRESS on.",
    example: "fill 0x40200000, 64K, 0xa2",
  },
  {
    word: "expect",
    form: 'expect CONDITION [on MODEL | …] [, "MESSAGE"] | expect same as MODEL | … [on MODEL | …] [, "MESSAGE"]',
    summary:
      "Fails the run when the condition is 0, of which a comparison shows both sides; or when a line above has come to something else on the models behind same as.",
    example: 'expect pending[8192] == 1, "the LPI is pending"',
  },
  {
    word: "save",
    form: "save[@ITS] [=> OUTCOME]",
    summary: "Writes the ITS tables to guest memory (KVM_DEV_ARM_ITS_SAVE_TABLES).",
    example: "save",
  },
  {
    word: "restore",
    form: "restore[@ITS] [=> OUTCOME] | restore NAME",
    summary: "Reads the ITS tables back from guest memory (KVM_DEV_ARM_ITS_RESTORE_TABLES).",
    example: "restore",
  },
  {
    word: "migrate",
    form: "migrate [MODEL] [=> OUTCOME]",
    summary:
      "Saves the machine and restores it into a new one, of another model of its family where one is named; memory comes along. The lines below run there.",
    example: "migrate kvm-7.3",
  },
  {
    word: "snapshot",
    form: "snapshot NAME",
    summary: "Remembers the machine as it is, with its memory. restore NAME comes back to it.",
    example: "snapshot mapped",
  },
  {
    word: "load",
    form: 'load "FILE" at ADDRESS',
    summary: "Stores a file's bytes in guest memory. The file is beside the script, or in the workspace.",
    example: 'load "tables.bin" at 0x43000000',
  },
  {
    word: "lpi-config",
    form: "lpi-config INTID[, PE] = { priority=VALUE, enabled=VALUE }",
    summary:
      "Writes an LPI's property byte in the table that GICR_PROPBASER points to. What is not named stays. The GIC may see it at the next INV.",
    example: "lpi-config 8192 = { priority=0x80, enabled=1 }",
  },
  {
    word: "lpi-pending",
    form: "lpi-pending INTID[, PE] = VALUE",
    summary: "Writes an LPI's pending bit in the table that GICR_PENDBASER of the PE points to.",
    example: "lpi-pending 8192, 1 = 1",
  },
  {
    word: "save-pending",
    form: "save-pending [=> OUTCOME]",
    summary: "Writes the LPI pending tables to guest memory (KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES).",
    example: "save-pending",
  },
  {
    word: "reset",
    form: "reset[@ITS] [=> OUTCOME]",
    summary: "Resets the ITS (KVM_DEV_ARM_ITS_CTRL_RESET).",
    example: "reset",
  },
  {
    word: "user-write",
    form: "user-write REGISTER = VALUE [=> OUTCOME]",
    summary: "User space writes a register by its device attribute (KVM_SET_DEVICE_ATTR). KVM's models.",
    example: "user-write GITS_IIDR = 0x4b00243b => EINVAL",
  },
  {
    word: "user-read",
    form: "user-read REGISTER [=> OUTCOME]",
    summary: "Shows a register as user space reads it by its device attribute (KVM_GET_DEVICE_ATTR). KVM's models.",
    example: "user-read GICD_IIDR",
  },
  {
    word: "set-attr",
    form: "set-attr DEVICE[@ITS], GROUP[, ATTR] [= VALUE] [=> OUTCOME]",
    summary: "KVM_SET_DEVICE_ATTR with any attr: of a register, an address, an action. KVM's models.",
    example: "set-attr VGIC_V3, REDIST_REGS, 0x1_0000_0014 = 0 => done",
  },
  {
    word: "get-attr",
    form: "get-attr DEVICE[@ITS], GROUP[, ATTR] [= VALUE] [=> OUTCOME]",
    summary: "KVM_GET_DEVICE_ATTR with any attr; shows the value. A VALUE is what the kernel finds there before.",
    example: "get-attr VGIC_V3, ADDR, REDIST_REGION = 1 => ENOENT",
  },
  {
    word: "has-attr",
    form: "has-attr DEVICE[@ITS], GROUP[, ATTR] [=> OUTCOME]",
    summary: "KVM_HAS_DEVICE_ATTR: done when the attribute exists. KVM's models.",
    example: "has-attr VGIC_ITS, CTRL, RESET",
  },
  {
    word: "vcpu-run",
    form: "vcpu-run PE [=> OUTCOME]",
    summary: "KVM_RUN: the vCPU enters its guest and stays there. While a register access holds its lock, it waits.",
    example: "vcpu-run 0",
  },
  {
    word: "vcpu-stop",
    form: "vcpu-stop PE [=> OUTCOME]",
    summary: "The vCPU leaves its guest, and its list registers are folded back.",
    example: "vcpu-stop 0",
  },
  {
    word: "vcpu-add",
    form: "vcpu-add ID [=> OUTCOME]",
    summary:
      "KVM_CREATE_VCPU: one more vCPU, whose PE number is the next one and whose MPIDR comes from ID. Before CTRL/INIT, so with setup = created. KVM's models.",
    example: "vcpu-add 4 => EBUSY",
  },
  {
    word: "begin",
    form: "begin PE, GITS_CWRITER = VALUE | begin user, REGISTER = VALUE [=> OUTCOME]",
    summary: "A vCPU begins to store to GITS_CWRITER, or user space to write a register; step goes on with it.",
    example: "begin 1, GITS_CWRITER = 0x40",
  },
  {
    word: "step",
    form: "step PE | step user [=> OUTCOME]",
    summary: "The next step of what the vCPU or user space has begun: a lock, a command, the write.",
    example: "step 1",
  },
  {
    word: "line",
    form: "line INTID[, PE] = LEVEL [=> OUTCOME]",
    summary:
      "A device drives the input of an SPI or, of a PE, a PPI: 1 or 0. An edge-triggered one becomes pending when it rises.",
    example: "line 40 = 1",
  },
  {
    word: "host-map",
    form: "host-map INTID[, PE] = PHYSICAL [=> OUTCOME]",
    summary:
      "From here on an SPI or PPI of the guest stands for the host's interrupt PHYSICAL: list registers with HW = 1. KVM's models.",
    example: "host-map 23, 1 = 23",
  },
  {
    word: "host-unmap",
    form: "host-unmap INTID[, PE] [=> OUTCOME]",
    summary: "An SPI or PPI of the guest stands for no interrupt of the host any more. KVM's models.",
    example: "host-unmap 23, 1",
  },
  {
    word: "host-line",
    form: "host-line PHYSICAL[, PE] = LEVEL",
    summary: "A device of the host drives the input of an interrupt of the host's GIC. KVM's models.",
    example: "host-line 23, 1 = 1",
  },
  {
    word: "for",
    form: "for NAME in FROM..TO [step STEP] { … }",
    summary: "Runs the lines up to its } once for each value, both ends included.",
    example: "for event in 0..3 {\n  msi DeviceID=0x10, EventID=0\n}",
  },
  {
    word: "repeat",
    form: "repeat COUNT { … }",
    summary: "Runs the lines up to its } COUNT times.",
    example: "repeat 16 {\n  INT DeviceID=0x10, EventID=0\n}",
  },
  {
    word: "if",
    form: "if CONDITION { … } else if CONDITION { … } else { … }",
    summary: "Runs the lines up to its } when the condition is not 0, else those behind its else.",
    example: "if GITS_TYPER.PTA == 0 {\n  MAPC ICID=1, RDbase=1\n} else {\n  MAPC ICID=1, RDbase=0x080d0000\n}",
  },
  {
    word: "macro",
    form: "macro NAME PARAMETER, PARAMETER=DEFAULT, … { … }",
    summary: "Names lines; NAME PARAMETER=VALUE, … runs them, further down. Their own let names are not seen outside.",
    example:
      "macro map_event device, event, lpi, icid=3 {\n  MAPTI DeviceID=device, EventID=event, pINTID=lpi, ICID=icid\n}\nmap_event device=0x10, event=1, lpi=8193",
  },
  {
    word: "test",
    form: 'test "TITLE" { … }',
    summary:
      "Runs the lines up to its } on a machine of their own, set up afresh; gicwb test reports them as one test.",
    example: 'test "nothing is mapped at first" {\n  expect dte[0x10].valid == 0\n}',
  },
  {
    word: "cpu",
    form: "cpu PE { … }",
    summary: "Accesses, and registers that exist once a PE, are those of this PE up to its }, where they do not say.",
    example: "cpu 1 {\n  let intid = read ICC_IAR1_EL1\n}",
  },
  {
    word: "its",
    form: "its NUMBER { … }",
    summary: "Commands, msi, GITS_ registers and tables are those of this ITS up to its }, where they do not say.",
    example: "its 0 {\n  read GITS_CREADR\n}",
  },
  {
    word: "batch",
    form: "batch { … }",
    summary: "Queues the commands up to its } one behind the other, then hands all over by one store to GITS_CWRITER.",
    example: "batch {\n  INT DeviceID=0x10, EventID=0\n  CLEAR DeviceID=0x10, EventID=0\n}",
  },
  {
    word: "queue",
    form: "queue[@ITS] SLOT",
    summary:
      "Has the next command stored in this slot of the command queue, from 0: the ITS is given a SYNC in each slot before it, from GITS_CWRITER's on.",
    example: "queue 2046",
  },
  {
    word: "print",
    form: 'print "TEXT" | EXPRESSION, …',
    summary: "Shows texts and values, one behind the other.",
    example: 'print "CREADR", GITS_CREADR',
  },
  {
    word: "include",
    form: 'include "FILE"',
    summary: "Runs the lines of another file here, once; its names and macros are seen below.",
    example: 'include "common.itscmd"',
  },
] as const satisfies readonly KeywordDoc[];

/** What `expect` may ask of the lines above. */
export const sameWord = {
  word: "same",
  form: 'expect same as MODEL | … [on MODEL | …] [, "MESSAGE"]',
  summary:
    "Fails the run when a line of this machine or test above has come to something else on one of these models: another outcome, another value that is read, another mapping. The first such line is told with the answers.",
  example: "expect same as arch | qemu",
} as const satisfies KeywordDoc;

/** Statement words that came when names were free to be these; they stay free. */
const freeAsNames: ReadonlySet<string> = new Set([
  "for",
  "repeat",
  "if",
  "macro",
  "test",
  "cpu",
  "its",
  "batch",
  "queue",
  "print",
  "include",
  "migrate",
  "snapshot",
  "load",
]);

/** Words of statements whose answer a `let` may keep, commands apart. */
export const answeringKeywords: readonly StatementKeyword[] = [
  "raw",
  "msi",
  "save",
  "restore",
  "save-pending",
  "reset",
  "user-write",
  "user-read",
  "set-attr",
  "get-attr",
  "has-attr",
];

/** Whether a statement word cannot name a value. */
export function isReservedWord(word: string): boolean {
  return isStatementKeyword(word) && !freeAsNames.has(word);
}

export type StatementKeyword = (typeof statementKeywords)[number]["word"];

const statementWords = new Set<string>(statementKeywords.map(({ word }) => word));

export function isStatementKeyword(word: string): word is StatementKeyword {
  return statementWords.has(word);
}

/** Names that begin so are registers, declared or misspelt. The manual reserves these prefixes, so no `let` name may have one. */
export function looksLikeRegister(name: string): boolean {
  return /^(?:GIC[CDHRV]|GITS|ICC|ICH|ICV|CNT[VP]|SCTLR)_/i.test(name);
}

/** Registers of these blocks exist once a PE: `[n]` behind their name is a PE number, behind any other name a bit. */
export function isPerPe(name: string): boolean {
  return /^(?:GIC[CHR]|ICC|ICH|ICV|CNT[VP]|SCTLR)_/i.test(name);
}
