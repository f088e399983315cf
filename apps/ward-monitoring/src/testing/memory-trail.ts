import { type AuditDraft, type AuditTrail, DeviceError } from '@edge-blueprints/contracts';

/** Keeps the drafts, or refuses them as a full disk does. */
export function createMemoryTrail(): AuditTrail & { readonly drafts: AuditDraft[]; broken: boolean } {
  const drafts: AuditDraft[] = [];
  const trail = {
    drafts,
    broken: false,
    record(given: readonly AuditDraft[]) {
      if (trail.broken) return Promise.reject(new DeviceError('audit.write', 'the disk is full'));
      drafts.push(...given);
      return Promise.resolve([]);
    },
  };
  return trail;
}
