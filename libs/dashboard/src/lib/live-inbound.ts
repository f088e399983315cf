/** One page that is connected now. */
export interface LivePage {
  /** Of this connection; a page that comes back has another one. */
  readonly id: string;
  /** To this page only, in order. A page that falls 2,048 behind is cut off. */
  send(event: string, ...payload: readonly unknown[]): void;
}

/** What pages may say over their live connection. Payloads are untrusted; nothing here is an act of a person. */
export interface LiveInbound {
  readonly events: readonly string[];
  /** More than this of one page within a second are dropped and counted. */
  readonly mostPerSecond: number;
  onConnect(page: LivePage): void;
  onMessage(page: LivePage, event: string, payload: unknown): void;
  onDisconnect(page: LivePage): void;
  onDropped(page: LivePage): void;
}
