// Loaded into a process that a benchmark measures (--require): prints the most memory that it had, in MiB, when it ends.
process.on("exit", () => {
  process.stderr.write((process.resourceUsage().maxRSS / 1024).toFixed(0));
});
