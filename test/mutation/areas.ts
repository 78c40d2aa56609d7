/** A part of the product that is mutated by itself, and the tests that are asked about it. */
export interface Area {
  readonly name: string;
  /** Files that are mutated, as patterns from the project's root. */
  readonly mutate: readonly string[];
  /** Files that declare tests, as patterns; only what node:test offers in test/mutation/collected-tests.ts. */
  readonly tests: readonly string[];
  /** 1 mutates every line; 4 mutates ten lines of each forty. */
  readonly oneOf: number;
  /** Leaves out mutants of what runs while files are loaded: where tests make machines there, each takes seconds. */
  readonly ignoreStatic?: true;
}

export const areas: readonly Area[] = [
  {
    name: "architecture",
    oneOf: 2,
    mutate: ["architecture/**/*.ts"],
    tests: ["test/architecture/*.test.ts", "test/emulator/entries/*.test.ts"],
  },
  {
    name: "kvm-its",
    oneOf: 2,
    mutate: ["emulator/kvm/its/*.ts"],
    tests: ["test/mutation/kvm-recordings.ts", "test/emulator/kvm/{its-commands,kernels}.test.ts"],
  },
  {
    name: "qemu-its",
    oneOf: 2,
    mutate: ["emulator/qemu/its*.ts", "emulator/qemu/{dma,table-layout,tables-view,lookup-failure}.ts"],
    tests: [
      "test/mutation/qemu-recordings.ts",
      "test/emulator/qemu/{bus,its-bounds,lpis,models,outside-ram,tables}.test.ts",
    ],
  },
  {
    name: "arch-its",
    oneOf: 4,
    ignoreStatic: true,
    mutate: ["emulator/arch/*.ts"],
    tests: [
      "test/emulator/arch/{bounds,commands,errors,layouts,models,registers,virtual,vmovp}.test.ts",
      "test/emulator/arch-and-qemu.test.ts",
    ],
  },
  {
    name: "dumps",
    oneOf: 40,
    ignoreStatic: true,
    mutate: ["dumps/**/*.ts"],
    // Not those that go through every recorded table or damage their input at random: they take seconds each.
    tests: [
      "test/dumps/{capture-*,digits,explain-*,formats,hex-text,irq-debug,layout-files,line-groups}.test.ts",
      "test/dumps/{list-registers,listed-rows,no-addresses,other-tools,records,tables}.test.ts",
      "test/dumps/edit/edit-field.test.ts",
      "test/dumps/guests/{checks,file-runs,made-streams,qemu-stream,register-lists}.test.ts",
    ],
  },
];
