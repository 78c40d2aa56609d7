import { Errno } from "../kvm/errno.ts";
import type { PolicyName } from "./policy.ts";

/** A host by the table revisions that its kernel knows. */
export interface Host {
  readonly name: string;
  /** Revisions in ascending order; at least one. */
  readonly revisions: readonly number[];
}

/** One stop of a chain of migrations. */
export interface Stop {
  readonly host: Host;
  /** Lowest revision that can hold what the guest begins to use while it runs here (vLPIs need the next one); undefined = nothing new. */
  readonly uses?: number;
}

/** Step of a migration at which it fails. */
export type FailingStep = "SAVE_TABLES" | "write GITS_IIDR" | "RESTORE_TABLES";

/** What happened on the way to a host, and what the guest sees there. */
export interface Hop {
  readonly host: string;
  /** Revision of the tables that arrived; undefined for the host on which the guest started and after a failure. */
  readonly arrived?: number;
  readonly failure?: {
    readonly step: FailingStep;
    readonly host: string;
    readonly errno: number;
    readonly reason: string;
  };
  /** GITS_IIDR.Revision as the guest reads it; undefined when it did not arrive. */
  readonly guestReads?: number;
  /** Whether the guest notices: the value differs from the one before. */
  readonly changed?: boolean;
  /** The feature that the host refused to the guest, by the revision that would hold it. */
  readonly refusedFeature?: number;
}

interface Guest {
  /** Revision that the guest's present host saves in under policies that keep it. */
  revision: number;
  /** Lowest revision that holds what the guest uses. */
  needs: number;
  reads: number;
}

/**
 * Migrates a guest along a chain of hosts, starting on the first.
 * @returns one entry a host, up to the first failure
 */
export function migrate(chain: readonly Stop[], policy: PolicyName): readonly Hop[] {
  const [first, ...rest] = chain;
  if (first === undefined) return [];
  const start = newest(first.host);
  const guest: Guest = { revision: start, needs: first.host.revisions[0] ?? start, reads: start };
  const hops: Hop[] = [{ host: first.host.name, guestReads: start, ...run(guest, first, policy) }];
  let source = first.host;
  for (const stop of rest) {
    const hop = move(guest, source, stop, policy);
    hops.push(hop);
    if (hop.failure !== undefined) break;
    source = stop.host;
  }
  return hops;
}

/** The guest runs on a host and may begin to use something. */
function run(guest: Guest, stop: Stop, policy: PolicyName): { refusedFeature?: number } {
  if (stop.uses === undefined || stop.uses <= guest.needs) return {};
  const held = policy === "limit-features" || policy === "selected" ? guest.revision : newest(stop.host);
  if (stop.uses > held) return { refusedFeature: stop.uses };
  guest.needs = stop.uses;
  return {};
}

function move(guest: Guest, source: Host, stop: Stop, policy: PolicyName): Hop {
  const { host } = stop;
  const saved = savedRevision(guest, source, policy);
  if (saved === undefined) {
    const reason = `the guest uses what revision ${guest.revision} cannot hold`;
    return { host: host.name, failure: { step: "SAVE_TABLES", host: source.name, errno: Errno.EACCES, reason } };
  }
  if (!host.revisions.includes(saved)) {
    const step = policy === "selected" ? "write GITS_IIDR" : "RESTORE_TABLES";
    const reason = `revision ${saved} is not among ${host.revisions.join(", ")}`;
    return { host: host.name, failure: { step, host: host.name, errno: Errno.EINVAL, reason } };
  }
  const reads = policy === "newest" || policy === "lowest-sufficient" ? newest(host) : saved;
  const hop = { host: host.name, arrived: saved, guestReads: reads, changed: reads !== guest.reads };
  guest.reads = reads;
  guest.revision = policy === "newest" || policy === "lowest-sufficient" ? newest(host) : saved;
  return { ...hop, ...run(guest, stop, policy) };
}

/** Revision in which the source saves; undefined when it refuses. */
function savedRevision(guest: Guest, source: Host, policy: PolicyName): number | undefined {
  switch (policy) {
    case "newest":
      return newest(source);
    case "lowest-sufficient":
      return source.revisions.find((revision) => revision >= guest.needs) ?? newest(source);
    case "refuse-save":
      return guest.needs > guest.revision ? undefined : guest.revision;
    default:
      return guest.revision;
  }
}

function newest(host: Host): number {
  return host.revisions[host.revisions.length - 1] ?? 0;
}
