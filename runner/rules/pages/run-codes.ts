import type { Pages, PageText } from "../../../language/rules/pages/index.ts";

function code(breaks: PageText, keeps: string, why: string, fix: string, source: string): Pages[string] {
  return { why, source, breaks, keeps, fix };
}

const vgic = "Linux arch/arm64/kvm/vgic";
const own = "The runner: docs/language.md";
const device = "MAPC ICID=0, RDbase=0\nMAPD DeviceID=8, Size=4, ITT_addr=0x43f00000\n";
const event = `${device}MAPTI DeviceID=8, EventID=0, pINTID=8192, ICID=0\n`;

/** Pages of the codes that running a script gives. */
export const runPages: Pages = {
  ITS0531: {
    ...code(
      'load "gest.bin" at 0x43000000',
      'load "guest.bin" at 0x43000000',
      "The file is not there, is too large, or lies outside of the folders that a script may read. What is read is beside the script, or below; in an editor inside the workspace's folder.",
      "Put the file beside the script, and correct the name.",
      own,
    ),
    files: { "guest.bin": { words: "what is to be in memory", text: () => "guest" } },
  },
  ITS0532: code(
    'load "guest.bin" at 0x43000000',
    "fill 0x43000000, 0x1000, 0",
    "The script is on no disk, such as one that was never saved or one in a browser. No file is read for it, and nobody knows what is in memory behind the line.",
    "Save the script to a file, or run it with gicwb run, to have all of it checked.",
    own,
  ),
  ITS0501: code(
    "INT DeviceID=8, EventID=0",
    `${event}INT DeviceID=8, EventID=0`,
    "The ITS has met an error and done nothing. KVM and QEMU go on with the next command, arch stalls the queue. Rules L-01 (device not mapped), L-02 (EventID beyond the ITT), L-13 (collection not mapped), L-17 (no LPI) and L-19 to L-20b (vPEs) are told by this code.",
    "Follow the advice of the message, or write => and the error behind the command if it is meant.",
    "Arm 101206 table 4-15 and IHI 0069 5.5; architecture/command-errors.ts",
  ),
  ITS0502: code(
    "machine { model = qemu }\nMAPD DeviceID=8, Size=4, ITT_addr=0x90000000 # allow L-61\nMAPTI DeviceID=8, EventID=0, pINTID=8192, ICID=0",
    event,
    "The entry or table that the command needs is where no RAM is.",
    "Put tables and ITTs into RAM.",
    "Recordings of QEMU 7.2 and 11.1",
  ),
  ITS0503: code(
    "raw 0xff, 0, 0, 0",
    device,
    "The opcode is no command of this GIC version.",
    "Use a command that the model has, or another model.",
    "Arm IHI 0069 5.3",
  ),
  ITS0504: code(
    `machine { model = kvm-6.12 }\n${event}MAPC ICID=0, RDbase=0, V=0 # allow L-10\nsave`,
    `machine { model = kvm-6.12 }\n${event}save`,
    "The kernel that is emulated has a bug here that takes the host down.",
    "Do not do this on such hosts; later kernels have the bug fixed.",
    `${vgic}/vgic-its.c; CVE-2026-89912`,
  ),
  ITS0505: code(
    "write GITS_CTLR.Enabled = 0\nMAPC ICID=0, RDbase=0",
    "MAPC ICID=0, RDbase=0",
    "The command stands in the queue, and the ITS does not take it.",
    "Enable the ITS, or correct what has stalled the queue.",
    "Arm IHI 0069, GITS_CREADR and GITS_CTLR",
  ),
  ITS0506: code(
    "machine { setup = reset }\nMAPC ICID=0, RDbase=0",
    "MAPC ICID=0, RDbase=0",
    "A command needs a queue in memory.",
    "Write GITS_CBASER first, or use setup = ready.",
    "Arm IHI 0069, GITS_CBASER",
  ),
  ITS0507: code(
    "machine { model = arch }\nread32 0x10000000",
    "read32 0x08080000",
    "No device and no RAM is at the address.",
    "Correct the address.",
    "Arm Architecture Reference Manual, external abort",
  ),
  ITS0508: code(
    "mem8[0x10000000] = 0",
    "mem8[0x40000000] = 0",
    "There is no RAM at the address.",
    "Correct the address, or give the machine more RAM.",
    own,
  ),
  ITS0509: code(
    "machine { model = qemu }\nread ICC_NMIAR1_EL1",
    "read ICC_CTLR_EL1",
    "This machine does not have the register.",
    "Use a model that has it, or another register.",
    "architecture/registers",
  ),
  ITS0510: code(
    "expect 1 == 2",
    "expect 1 == 1",
    "What the script says must hold does not.",
    "Look at the state before the line: gicwb run --verbose, or the debugger.",
    own,
  ),
  ITS0511: code(
    "MAPC ICID=0, RDbase=0 => ignored",
    "MAPC ICID=0, RDbase=0 => done",
    "The command came to something else than stands behind =>.",
    "Correct the expectation or the command.",
    own,
  ),
  ITS0512: code(
    "user-write GITS_IIDR = 0x7000",
    "save",
    "The call failed with an errno.",
    "Look the errno up: gicwb explain errno EINVAL.",
    `${vgic}; Linux Documentation/virt/kvm/devices`,
  ),
  ITS0513: code(
    "machine { model = qemu }\nsave",
    "save",
    "Only KVM's models have tables in a host that can be saved.",
    "Remove the line, or choose a model of KVM.",
    "Linux Documentation/virt/kvm/devices/arm-vgic-its.rst",
  ),
  ITS0514: code(
    "machine { ram = 0x40000000, 64K }\nread GITS_CTLR",
    "machine { ram = 0x40000000, 64M }\nread GITS_CTLR",
    "The machine that is described cannot be put together.",
    "Follow the reason in the message.",
    own,
  ),
  ITS0515: code(
    `${device}msi DeviceID=8, EventID=0`,
    `${event}SYNC RDbase=0\nmsi DeviceID=8, EventID=0`,
    "The write to GITS_TRANSLATER brings no interrupt.",
    "Map the event, its collection and its device first.",
    "Arm IHI 0069, GITS_TRANSLATER",
  ),
  ITS0516: code(
    "machine { model = arch }\nwrite GITS_CTLR.Enabled = 0\nwrite GITS_BASER0.Page_Size = 3",
    "machine { model = arch }\nwrite GITS_CTLR.Enabled = 0\nwrite GITS_BASER0.Page_Size = 2",
    "The model arch says where the architecture leaves open what happens, and what it does.",
    "Avoid it.",
    "emulator/remarks.ts, each with its source",
  ),
  ITS0518: code(
    "machine { model = qemu }\nuser-read GITS_IIDR",
    "user-read GITS_IIDR",
    "QEMU and arch have no user space that asks a kernel.",
    "Choose a model of KVM.",
    own,
  ),
  ITS0519: code(
    "vcpu-run 9",
    "vcpu-run 0",
    "The machine has fewer PEs.",
    "Use a PE that it has, or give it more cpus.",
    own,
  ),
  ITS0520: code(
    "step 0",
    "begin 0, GITS_CWRITER = 0x20\nstep 0",
    "Nothing has begun that could be stepped.",
    "Write begin first.",
    own,
  ),
  ITS0521: code(
    "has-attr VGIC_V2, CTRL, INIT",
    "has-attr VGIC_V3, CTRL, INIT",
    "The machine has another GIC.",
    "Use the device that it has.",
    "Linux Documentation/virt/kvm/devices",
  ),
  ITS0522: code(
    "machine { gic = 2 }\nMAPC ICID=0, RDbase=0",
    "machine { gic = 3 }\nMAPC ICID=0, RDbase=0",
    "A GICv2 has no ITS.",
    "Remove the line, or write gic = 3.",
    "Arm IHI 0048",
  ),
  ITS0523: code(
    "line 5 = 1",
    "line 40 = 1",
    "SGIs have no input, and there are only so many SPIs.",
    "Use an INTID that has an input.",
    "Arm IHI 0069 2.2.1",
  ),
  ITS0524: code(
    "machine { model = qemu }\nhost-map 40 = 40",
    "host-map 40 = 40",
    "Only KVM's models have a host.",
    "Choose a model of KVM.",
    own,
  ),
  ITS0525: code(
    "read32 0x10000000",
    "read32 0x08080000",
    "On KVM such an access leaves the kernel for the VMM, which has nothing there.",
    "Correct the address, or write => MMIO_EXIT if it is meant.",
    "Linux virt/kvm, KVM_EXIT_MMIO",
  ),
  ITS0529: code(
    "vcpu-run 0\nmigrate qemu",
    "migrate kvm-6.1",
    "A saved machine is one of its model's kind: KVM's registers are not QEMU's.",
    "Name a model of the same kind.",
    own,
  ),
  ITS0530: code(
    "restore before",
    "snapshot before\nrestore before",
    "There is nothing to come back to, or it is the moment of another machine.",
    "Write snapshot NAME where the machine is as it is to be again.",
    own,
  ),
  ITS0533: code(
    "lpi-pending 100 = 1",
    "lpi-pending 8192 = 1",
    "LPIs begin at INTID 8192 and end where GICR_PROPBASER.IDbits says; others have no byte and no bit in these tables.",
    "Use an INTID that the tables have.",
    "Arm IHI 0069 5.1",
  ),
  ITS0534: code(
    { words: "A batch of 2,048 commands.", text: () => `batch {\n${"  SYNC RDbase=0\n".repeat(2048)}}\n` },
    "batch {\n  MAPC ICID=0, RDbase=0\n}",
    "The commands of a batch wait in the queue until its }. It has as many slots as GITS_CBASER.Size says, one of which stays free.",
    "Make two batches of it, or the queue larger.",
    "Arm IHI 0069 5.2.1",
  ),
  ITS0535: code(
    "write ICH_LR0_EL2 = 0",
    "read ICH_LR0_EL2",
    "List registers and their kin are the host's. What a script sees of them is what KVM has written.",
    "Make the interrupt pending, and run the vCPU.",
    `${vgic}/vgic-v3.c`,
  ),
  ITS0536: code(
    "write ICC_RPR_EL1 = 0",
    "read ICC_RPR_EL1",
    "The PE has no instruction that would write it.",
    "Remove the line.",
    "Arm IHI 0069 12.2, the access of each register",
  ),
  ITS0537: code(
    "machine { gic = 2 }\nline 40 = 1\nexpect same as qemu",
    "line 40 = 1\nexpect same as qemu",
    "The script is run on the other models from its beginning, on machines as it describes them. A model may have no such machine; one that a debugging session or gicwb run begins on, saved, is of its own model alone; and the machines of a script have a bound on their memory.",
    "Name models that have the machine, give it less RAM, or run the script without a saved machine.",
    own,
  ),
  ITS0538: code(
    "queue 2048",
    "queue 2047",
    "A command queue has as many slots of 32 bytes as GITS_CBASER.Size says: 128 a page of 4 KiB, and 2,048 in the one of setup = ready.",
    "Use a slot that the queue has, or make the queue larger.",
    "Arm IHI 0069 5.2.1",
  ),
  ITS0539: code(
    `write GITS_CTLR.Enabled = 0\n${device}queue 1`,
    `${device}queue 1`,
    "The ITS takes commands from GITS_CREADR on, and only it moves that register. A slot that is stored to before it was read loses its command.",
    "Let the ITS process what waits: set GITS_CTLR.Enabled, or clear GITS_CREADR.Stalled.",
    "Arm IHI 0069 5.2.1",
  ),
};

/** Codes whose cases are too large for a page. */
export const untoldCodes: Readonly<Record<string, { readonly why: string; readonly fix: string }>> = {
  ITS0407: {
    why: 'A constant is needed where nothing has run yet: in "args" of a launch configuration, and behind gicwb run --let.',
    fix: "Use a number, or an expression of numbers.",
  },
  ITS0408: {
    why: "A name is asked for in a watch or in the console before the line that defines it has run.",
    fix: "Step over the line first.",
  },
  ITS0517: {
    why: "The model arch with GITS_TYPER.SEIS = 1 signals command errors as System errors, too. Scripts cannot set SEIS so far.",
    fix: "Correct the command.",
  },
  ITS0526: {
    why: "The editor runs a line for 20 seconds at most, so that it stays quick.",
    fix: "Run the script with gicwb run, or debug it: there it is carried out to the end.",
  },
  ITS0527: {
    why: "The machines of one script may hold so much memory of their host, and no more.",
    fix: "Write or fill less RAM, or use fewer machines.",
  },
  ITS0528: {
    why: "What a script maps is followed as far as definitions and the outline stay quick: 100,000 changes, 8,192 ids by one line.",
    fix: "Nothing: the script runs as before. Divide it if definitions are wanted below the line.",
  },
  ITS0601: {
    why: "The editor shows so many problems of one script: the setting gicWorkbench.maxProblems.",
    fix: "Correct the first ones, or raise the setting.",
  },
  ITS0602: {
    why: "Scripts of the workspace that are not open are run for half a second each, so that a large workspace is looked through in time.",
    fix: "Open the script: then it is run to its end.",
  },
};
