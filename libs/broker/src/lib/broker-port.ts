import type { Clock, Logger } from '@edge-blueprints/contracts';
import type { BrokerLimits } from './broker-limits.js';

/** `device`: one station. `worker`: a program of the hub, whose name stands in the reserved site `hub`. */
export type BrokerRole = 'device' | 'worker';

export interface PublishRequest {
  readonly topic: string;
  readonly qos: number;
  readonly retain: boolean;
  readonly bytes: number;
}

/** Who may say and hear what. `fleetTopicRules` unless told otherwise; a ward has its own. */
export interface TopicRules {
  /** @returns why the publish is not allowed, or null */
  publishProblem(name: string, role: BrokerRole, request: PublishRequest, statusBytes: number): string | null;
  maySubscribe(name: string, role: BrokerRole, filter: string): boolean;
}

/** PEM files of a listener with mutual TLS. Read at the start and again by `reloadTls`. */
export interface BrokerTlsFiles {
  /** The CA whose client certificates are let in. */
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** Port 0 takes a free one. A listener without TLS must be asked for by `plain: true`, and binds to loopback only. */
export type BrokerListenerOptions =
  | { readonly host: string; readonly port: number; readonly tls: BrokerTlsFiles }
  | { readonly host: string; readonly port: number; readonly tls: null; readonly plain: true };

/** Who is shut out at the moment. The hub's revocation list is one. */
export interface DeniedIdentities {
  /** `serialNumber`: upper-case hex of the certificate, null where there is none. */
  isDenied(name: string, serialNumber: string | null): boolean;
  /** @returns a function that ends the listening */
  onChange(listener: () => void): () => void;
}

export interface EmbeddedBrokerOptions {
  readonly listeners: readonly BrokerListenerOptions[];
  /** What is not given keeps the value of `defaultBrokerLimits`. */
  readonly limits?: Partial<BrokerLimits>;
  readonly denied?: DeniedIdentities;
  readonly rules?: TopicRules;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Why a connection was not let in, or was cut. The keys of `BrokerStats.refused`. */
export const refusalReasons = [
  'connection-limit',
  'handshake',
  'connect-timeout',
  'keepalive',
  'no-certificate',
  'expired-certificate',
  'identity',
  'denied',
  'clone',
  'will',
  /** Another protocol than MQTT 3.1.1. A client that tries MQTT 5 first is counted here once at each of its starts. */
  'version',
  'protocol',
  'packet-too-large',
  'publish',
  'frozen',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

export type BrokerEvent =
  | {
      readonly kind: 'connected';
      readonly name: string;
      readonly role: BrokerRole;
      readonly address: string;
      readonly secure: boolean;
      readonly serialNumber: string | null;
    }
  | { readonly kind: 'disconnected'; readonly name: string; readonly role: BrokerRole; readonly address: string }
  /** The connection was refused or cut. `name` is null while nobody has proved a name. */
  | {
      readonly kind: 'refused';
      readonly reason: RefusalReason;
      readonly name: string | null;
      readonly address: string;
      readonly detail: string;
    }
  /** A subscription was answered with a failure; the connection stays. */
  | { readonly kind: 'subscription-refused'; readonly name: string; readonly address: string; readonly filter: string }
  /** A second connection of the same name replaced the first: after a lost link as well as with a stolen key. */
  | { readonly kind: 'takeover'; readonly name: string; readonly address: string; readonly previousAddress: string }
  /** So many takeovers that two devices must be sharing one identity. New connections of it are held off for a while. */
  | { readonly kind: 'cloned'; readonly name: string; readonly address: string; readonly previousAddress: string };

export interface BrokerStats {
  readonly listeners: readonly { readonly host: string; readonly port: number; readonly secure: boolean }[];
  /** False as soon as one listener speaks without TLS. */
  readonly secure: boolean;
  /** Sessions that are connected now. */
  readonly sessions: { readonly devices: number; readonly workers: number; readonly peak: number };
  /** Sockets that have not finished CONNECT: in the handshake, and waiting in line for their turn. */
  readonly pending: number;
  readonly waiting: number;
  readonly connects: number;
  readonly refused: Readonly<Record<RefusalReason, number>>;
  readonly subscriptionsRefused: number;
  readonly takeovers: number;
  readonly clones: number;
  /** Publishes taken in, their payload bytes, and how many had to wait for their device's quota. */
  readonly published: { readonly messages: number; readonly bytes: number; readonly throttled: number };
  /** Messages not forwarded, since the receiving device does not read. It gets them again after its next batch. */
  readonly forwardsDropped: number;
}

export interface EmbeddedBroker {
  /** With the ports that were really bound, in the order of the options. */
  readonly listeners: readonly { readonly host: string; readonly port: number; readonly secure: boolean }[];
  /** Cuts the live connection of this name at once and refuses new ones, until `allow`. */
  deny(name: string, reason: string): void;
  allow(name: string): void;
  stats(): BrokerStats;
  /** @returns a function that ends the listening */
  onEvent(listener: (event: BrokerEvent) => void): () => void;
  /** Takes a renewed server certificate or CA from the files, without a restart. @throws ConfigError `broker.tls` */
  reloadTls(): void;
  close(): Promise<void>;
}
