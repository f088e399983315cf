/**
 * What truly happened to one person in a queue: came to stand in the chain, reached the service point (a party does so
 * together), left it after being served, or left the chain before.
 */
export interface QueueEvent {
  readonly kind: 'joined' | 'served' | 'left' | 'abandoned';
  readonly queue: string;
  readonly person: number;
  readonly party: number;
  readonly atS: number;
}
