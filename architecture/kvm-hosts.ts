/** What a KVM guest runs on: whose virtual CPU interface the host has. */
export const kvmHosts = [
  { name: "arm", summary: "as Arm's rules have it" },
  { name: "qemu-7.2", summary: "that of QEMU 7.2's emulated CPUs, on which KVM was recorded" },
] as const;

export type KvmHostName = (typeof kvmHosts)[number]["name"];
