import { attributesOf, commands, groupsOf, kvmDevices, models } from "../../../architecture/index.ts";
import { registerNames } from "../../../language/index.ts";
import type { Random } from "../random.ts";
import { Numbers } from "./numbers.ts";

const STATE_FIELDS = ["", ".valid", ".V", ".ITT_addr", ".Size", ".pINTID", ".ICID", ".RDbase", ".next"];
const OPERATORS = ["+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", "==", "!=", "<", "&&", "||"];
const OUTCOMES = [
  " => done | ignored",
  " => done on kvm, stalled on arch, ignored",
  " => EINVAL | done on kvm-6.1 | qemu",
  "",
  "",
  "",
  "",
  " => done",
  " => ignored",
  " => EINVAL",
  " => stalled",
  " => MAPTI_ID_OOR",
];

/** Random statements of the script language, most of which can be read. */
export class Statements {
  private readonly random: Random;
  private readonly numbers: Numbers;

  constructor(random: Random) {
    this.random = random;
    this.numbers = new Numbers(random);
  }

  /** A machine block in one line. Its RAM is bounded: what is to be found is no lack of memory. */
  machine(): string {
    const { random } = this;
    const parts = [`model = ${random.pick(models).name}`];
    if (random.chance(30)) parts.push(`cpus = ${random.pick(["1", "2", "8", "17"])}`);
    if (random.chance(20)) parts.push(`gic = ${random.pick(["2", "3", "4", "4.1"])}`);
    if (random.chance(10)) parts.push("security = 2");
    if (random.chance(10)) parts.push(`ram = 0x40000000, ${random.pick(["64K", "4M", "64M"])}`);
    if (random.chance(15)) parts.push("its = 0x08080000  its = 0x080a0000");
    if (random.chance(10)) parts.push(`list_registers = ${random.pick(["1", "4", "16"])}`);
    if (random.chance(10)) parts.push(`spis = ${random.pick(["32", "64", "988"])}`);
    if (random.chance(25)) parts.push(`setup = ${random.pick(["reset", "created"])}`);
    return `machine { ${parts.join("  ")} }`;
  }

  /** A statement that executes something. */
  any(): string {
    const { random, numbers } = this;
    return random.weighted<() => string>([
      [8, () => this.command()],
      [3, () => this.mapping()],
      [3, () => `${random.pick(["read", "expect", "let x ="])} ${this.state()}`],
      [2, () => `expect ${this.expression(2)}`],
      [1, () => `let ${random.pick(["a", "b", "nic"])} = ${this.expression(2)}`],
      [3, () => `write ${this.register()} = ${this.value()}`],
      [2, () => `read ${this.register()}`],
      [1, () => `${random.pick(["write32", "write64"])} ${numbers.address()} = ${this.value()}`],
      [1, () => `${random.pick(["read32", "read64"])} ${numbers.address()}`],
      [2, () => `mem${random.pick([8, 16, 32, 64])}[${numbers.address()}] = ${this.value()}`],
      [1, () => `fill ${numbers.address()}, ${random.pick(["0", "1", "64K", numbers.any()])}, ${numbers.any()}`],
      [2, () => `msi DeviceID=${numbers.device()}, EventID=${numbers.event()}${this.outcome()}`],
      [2, () => `${random.pick(["save", "restore", "save-pending", "reset"])}${this.outcome()}`],
      [3, () => this.host()],
      [3, () => this.attribute()],
      [2, () => this.wire()],
      [1, () => `raw ${this.value()}, ${this.value()}, ${this.value()}, ${this.value()}`],
      [1, () => this.machine()],
      [2, () => this.answer()],
      [2, () => this.whole()],
      [1, () => `print "at", ${this.expression(1)}`],
      [3, () => this.block(2)],
      // Braces that belong to nothing, and blocks that are open.
      [1, () => random.pick(["}", "} else {", `} else if ${this.expression(1)} {`, this.opening()])],
      [1, () => `m${random.chance(60) ? ` x=${this.value()}` : ""}`],
    ])();
  }

  /** Lines with what opens and closes them. */
  private block(depth: number): string {
    const { random } = this;
    const lines = Array.from({ length: random.below(4) }, () =>
      depth > 0 && random.chance(25) ? this.block(depth - 1) : this.any(),
    );
    const otherwise = random.chance(20) ? `\n} else {\n${this.any()}` : "";
    return `${this.opening()}\n${lines.join("\n")}${otherwise}\n}`;
  }

  private opening(): string {
    const { random, numbers } = this;
    return random.weighted<() => string>([
      [3, () => `for ${random.pick(["i", "e"])} in ${random.below(4)}..${random.below(9)} {`],
      [1, () => `for i in ${this.value()}..${this.value()} step ${numbers.any()} {`],
      [2, () => `repeat ${random.below(6)} {`],
      [3, () => `if ${this.expression(1)} {`],
      [1, () => `macro ${random.pick(["m", "n"])} x=${this.value()}, y=${numbers.any()} {`],
      [1, () => `test "${random.pick(["one", "two"])}" {`],
      [2, () => `${random.pick(["cpu", "its"])} ${numbers.pe()} {`],
      [2, () => "batch {"],
    ])();
  }

  /** What a statement, or a load, gives. */
  private answer(): string {
    const { random } = this;
    const name = random.pick(["r", "s", "t"]);
    return random.pick([
      `let ${name} = ${this.command()}`,
      `let ${name} = read ${this.register()} & ${this.value()}`,
      `let ${name} = read${random.pick([8, 16, 32, 64])} ${this.numbers.address()}`,
      `let ${name} = ${this.attribute()}`,
      `expect read ${this.register()} == ${this.value()} on ${random.pick(["kvm", "qemu | arch"])}, "as read"`,
    ]);
  }

  /** The machine as a whole, and what a VMM does before it is there. */
  private whole(): string {
    const { random, numbers } = this;
    return random.pick([
      `migrate${random.chance(50) ? ` ${random.pick(models).name}` : ""}${this.outcome()}`,
      `snapshot ${random.pick(["a", "b"])}`,
      `restore ${random.pick(["a", "b"])}`,
      `vcpu-add ${numbers.pe()}${this.outcome()}`,
      `lpi-config ${numbers.intid()} = { priority=${numbers.any()}, enabled=${random.below(3)} }`,
      `lpi-pending ${numbers.intid()}, ${numbers.pe()} = ${random.below(2)}`,
      `write${random.pick([8, 16])} ${numbers.address()}@${numbers.pe()} = ${numbers.any()}`,
    ]);
  }

  /** A piece of state, with likely and unlikely ids. */
  state(): string {
    const { random, numbers } = this;
    return random.weighted<() => string>([
      [3, () => `dte[${numbers.device()}]${random.pick(STATE_FIELDS)}`],
      [3, () => `ite[${numbers.device()}, ${numbers.event()}]${random.pick(STATE_FIELDS)}`],
      [2, () => `cte[${numbers.collection()}]${random.pick(STATE_FIELDS)}`],
      [
        3,
        () =>
          `${random.pick(["pending", "enabled", "active", "priority", "physical"])}[${numbers.intid()}${random.chance(40) ? `, ${numbers.pe()}` : ""}]`,
      ],
      [1, () => `${random.pick(["running", "writing"])}[${numbers.pe()}]`],
      [2, () => `mem${random.pick([8, 16, 32, 64])}[${numbers.address()}]`],
      [2, () => this.register()],
    ])();
  }

  expression(depth: number): string {
    const { random } = this;
    if (depth === 0 || random.chance(30)) return random.chance(40) ? this.state() : this.numbers.any();
    if (random.chance(15)) return `(${this.expression(depth - 1)})[${this.numbers.any()}:${random.below(64)}]`;
    return `${this.expression(depth - 1)} ${random.pick(OPERATORS)} ${this.expression(depth - 1)}`;
  }

  private value(): string {
    return this.random.chance(70) ? this.numbers.any() : this.expression(1);
  }

  private outcome(): string {
    return this.random.pick(OUTCOMES);
  }

  private register(): string {
    const { random, numbers } = this;
    const name = random.pick(registerNames);
    const pe = /^(?:GICR|GICC|ICC|ICH|CNT)/.test(name) && random.chance(60) ? `[${numbers.pe()}]` : "";
    return `${name}${pe}`;
  }

  /** What makes later commands meet something. */
  private mapping(): string {
    const { random, numbers } = this;
    return random.pick([
      `MAPD DeviceID=${numbers.device()}, ITT_addr=${random.pick(["0x43000000", "0x43100000", "0x43ffff00"])}, Size=${random.pick([0, 4, 7, 15])}`,
      `MAPC ICID=${numbers.collection()}, RDbase=${numbers.pe()}`,
      `MAPTI DeviceID=${numbers.device()}, EventID=${numbers.event()}, pINTID=${numbers.intid()}, ICID=${numbers.collection()}`,
    ]);
  }

  private command(): string {
    const { random, numbers } = this;
    const command = random.pick(commands);
    const given = command.fields
      .filter(() => random.chance(95))
      .map(({ name }) => {
        if (name === "DeviceID") return `${name}=${numbers.device()}`;
        if (name === "EventID") return `${name}=${numbers.event()}`;
        if (name === "ICID") return `${name}=${numbers.collection()}`;
        if (name.endsWith("INTID")) return `${name}=${numbers.intid()}`;
        if (name.startsWith("RDbase")) return `${name}=${numbers.pe()}`;
        if (/addr/i.test(name)) return `${name}=${random.pick(["0x43000000", "0x43100000"])}`;
        return `${name}=${random.chance(70) ? random.below(8) : numbers.any()}`;
      });
    return `${command.name} ${given.join(", ")}${this.outcome()}`.trim();
  }

  private host(): string {
    const { random, numbers } = this;
    return random.weighted<() => string>([
      [2, () => `vcpu-run ${numbers.pe()}`],
      [1, () => `vcpu-stop ${numbers.pe()}`],
      [2, () => `user-write ${this.register()} = ${this.value()}${this.outcome()}`],
      [1, () => `user-read ${this.register()}${this.outcome()}`],
      // A pointer far away makes the ITS go through a whole queue of commands.
      [1, () => `begin ${numbers.pe()}, GITS_CWRITER = ${random.below(40) * 32}`],
      [1, () => `begin user, ${this.register()} = ${this.value()}`],
      [2, () => `step ${random.chance(70) ? numbers.pe() : "user"}`],
    ])();
  }

  private attribute(): string {
    const { random } = this;
    const { type } = random.pick(kvmDevices);
    const group = random.pick(groupsOf(type));
    const named = attributesOf(group, type);
    const attribute =
      named.length > 0 && random.chance(80)
        ? random.pick(named).name
        : random.chance(50)
          ? this.numbers.any()
          : `${this.numbers.pe()} << 32 | ${random.below(0x400) * 4}`;
    const value = random.chance(60) ? ` = ${this.value()}` : "";
    return `${random.pick(["set-attr", "get-attr", "has-attr"])} ${type}, ${group.name}${random.chance(90) ? `, ${attribute}` : ""}${value}${this.outcome()}`;
  }

  private wire(): string {
    const { random, numbers } = this;
    const pe = random.chance(60) ? `, ${numbers.pe()}` : "";
    const level = random.chance(90) ? random.below(2) : numbers.any();
    return random.pick([
      `line ${numbers.intid()}${pe} = ${level}`,
      `host-line ${numbers.intid()}${pe} = ${level}`,
      `host-map ${random.below(40)}${pe} = ${random.below(40)}`,
      `host-unmap ${numbers.intid()}${pe}`,
    ]);
  }
}
