// Loaded into a process that a benchmark measures (--require): prints the most memory that it had, in MiB, when it ends. On Linux by VmHWM,
// which begins anew with the program; maxRSS of a process has that of the one which started it.
const { existsSync, readFileSync } = require("node:fs");

const status = "/proc/self/status";
process.on("exit", () => {
  const found = existsSync(status) ? /^VmHWM:\s*(\d+) kB/m.exec(readFileSync(status, "utf8")) : null;
  const kib = found === null ? process.resourceUsage().maxRSS : Number(found[1]);
  process.stderr.write((kib / 1024).toFixed(0));
});
