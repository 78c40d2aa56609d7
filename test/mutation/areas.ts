/** A part of the product that is mutated by itself, and the tests that are asked about it. */
export interface Area {
  readonly name: string;
  /** Files that are mutated, as patterns from the project's root. */
  readonly mutate: readonly string[];
  /** Files that declare tests, as patterns; only what node:test offers in test/mutation/collected-tests.ts. */
  readonly tests: readonly string[];
  /** 1 mutates every line; 4 mutates ten lines of each forty. */
  readonly oneOf: number;
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
    tests: ["test/mutation/kvm-recordings.ts", "test/reviews/*.test.ts", "test/emulator/kvm/{gic,kernels}.test.ts"],
  },
  {
    name: "qemu-its",
    oneOf: 2,
    mutate: ["emulator/qemu/its*.ts", "emulator/qemu/{dma,table-layout,tables-view,lookup-failure}.ts"],
    tests: ["test/mutation/qemu-recordings.ts", "test/emulator/qemu/{bus,lpis,models,outside-ram,tables}.test.ts"],
  },
  {
    name: "arch-its",
    oneOf: 2,
    mutate: ["emulator/arch/*.ts"],
    tests: [
      "test/emulator/arch/{commands,errors,layouts,models,registers,virtual,vmovp}.test.ts",
      "test/emulator/arch-and-qemu.test.ts",
    ],
  },
  {
    name: "dumps",
    oneOf: 16,
    mutate: ["dumps/**/*.ts"],
    tests: ["test/dumps/*.test.ts", "test/dumps/edit/*.test.ts", "test/dumps/guests/*.test.ts"],
  },
];
