/** The command of QEMU's monitor that fetches a part of memory: as text while it is short. @param bytes its length */
export function fetchText(address: number, bytes: number): string {
  const at = `0x${address.toString(16)}`;
  // Registers of 32 bits answer accesses of 32 bits only.
  if (bytes === 4) return `xp /1wx ${at}`;
  if (bytes === 1) return `xp /1bx ${at}`;
  if (bytes <= 4096) return `xp /${Math.ceil(bytes / 8)}gx ${at}`;
  return `pmemsave ${at} ${bytes} mem-${at}.bin`;
}
