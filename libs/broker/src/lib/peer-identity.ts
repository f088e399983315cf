import type { TLSSocket } from 'node:tls';
import type { Clock } from '@edge-blueprints/contracts';
import type { BrokerRole, RefusalReason } from './broker-port.js';
import { roleOfName } from './topic-rules.js';

export interface PeerIdentity {
  readonly name: string;
  readonly role: BrokerRole;
  /** Upper-case hex; null without TLS. */
  readonly serialNumber: string | null;
}

export type PeerProof =
  | { readonly ok: true; readonly identity: PeerIdentity }
  | { readonly ok: false; readonly reason: RefusalReason; readonly detail: string };

/** Organisational unit of a certificate for each role, so that a device's certificate never opens the hub's door. */
export const certificateUnits: Readonly<Record<BrokerRole, string>> = { device: 'device', worker: 'hub-worker' };

const no = (reason: RefusalReason, detail: string): PeerProof => ({ ok: false, reason, detail });

/** The name must be said twice: by the certificate and by the client id. Chain and signature were checked by TLS. */
export function proveByCertificate(socket: TLSSocket, clientId: string, clock: Clock): PeerProof {
  const certificate = socket.getPeerCertificate();
  // Node gives an empty object where the peer sent none.
  const name: unknown = certificate.subject?.CN;
  const unit: unknown = certificate.subject?.OU;
  if (typeof name !== 'string') return no('no-certificate', 'no certificate with exactly one common name');
  const role = roleOfName(name);
  if (role === undefined) return no('identity', `the common name ${quote(name)} is not {site}.{device}`);
  if (unit !== certificateUnits[role])
    return no('identity', `${name} needs a certificate of the unit ${certificateUnits[role]}`);
  if (clientId !== name) return no('identity', `client id ${quote(clientId)}, but the certificate belongs to ${name}`);
  // Once more, since a resumed TLS session is not checked again.
  if (!(Date.parse(certificate.valid_to) > clock.epochMs()))
    return no('expired-certificate', `the certificate of ${name} ended at ${certificate.valid_to}`);
  return { ok: true, identity: { name, role, serialNumber: certificate.serialNumber.toUpperCase() } };
}

/** Without TLS the client id is believed. Loopback only. */
export function believeClientId(clientId: string): PeerProof {
  const role = roleOfName(clientId);
  return role === undefined
    ? no('identity', `client id ${quote(clientId)} is not {site}.{device}`)
    : { ok: true, identity: { name: clientId, role, serialNumber: null } };
}

/** Whatever a stranger sends goes into a log: short, and on one line. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text);
}
