import { type CertificateRecord, newestByName } from './certificate-index.js';
import type { Revocation, RevocationList } from './revocation-list.js';

export interface CertificateListing extends CertificateRecord {
  /** `due`: past half of its time. `replaced`: there is a newer one of that name. */
  readonly state: 'valid' | 'due' | 'expired' | 'revoked' | 'replaced';
  readonly revocation: Revocation | null;
}

/** What the index and the revocations say together. */
export function listCertificates(
  records: readonly CertificateRecord[],
  revocations: Pick<RevocationList, 'list' | 'isDenied'>,
  nowMs: number,
): readonly CertificateListing[] {
  const newest = newestByName(records);
  const byName = new Map(revocations.list().map((revocation) => [revocation.name, revocation]));
  const stateOf = (record: CertificateRecord): CertificateListing['state'] => {
    if (revocations.isDenied(record.name, record.serialNumber)) return 'revoked';
    if (newest.get(record.name) !== record) return 'replaced';
    const [fromMs, toMs] = [Date.parse(record.notBefore), Date.parse(record.notAfter)];
    if (nowMs >= toMs) return 'expired';
    return nowMs >= (fromMs + toMs) / 2 ? 'due' : 'valid';
  };
  return records.map((record) => ({
    ...record,
    state: stateOf(record),
    revocation: byName.get(record.name) ?? null,
  }));
}
