/** What is looked at of a list in either format. */
export interface CycloneDx {
  readonly components?: readonly unknown[];
  readonly packages?: readonly unknown[];
}

/**
 * A list of packages without the addresses of the registry that they came from on this computer: a package is known by its name, version and hash, whatever mirror
 * has served it.
 * @param text as `npm sbom` prints it
 */
export function withoutHosts(text: string): string {
  const list: unknown = JSON.parse(text, (key, value: unknown) => {
    // CycloneDX: of the kind "distribution"; others are the packages' own pages.
    if (key === "externalReferences" && Array.isArray(value))
      return value.filter((one: { readonly type?: string }) => one.type !== "distribution");
    return key === "downloadLocation" ? "NOASSERTION" : value;
  });
  return `${JSON.stringify(list, undefined, 2)}\n`;
}
