/** A gate that a spring holds on the reject side; current on its valve moves it to the accept side after a delay. */
export interface AcceptGate {
  /** Current ends by itself after `holdMs`. */
  setCoil(on: boolean, atMs: number, holdMs?: number): void;
  /** True when the gate led into the accept bin at this time. */
  openAt(timeMs: number): boolean;
}

/** Switchings kept; a part between camera and gate causes two. */
const maxHistory = 256;

export function createAcceptGate(valveDelayMs: number): AcceptGate {
  const switchings: { readonly at: number; readonly until: number }[] = [];
  return {
    setCoil(on, atMs, holdMs = Number.POSITIVE_INFINITY) {
      const at = atMs + valveDelayMs;
      switchings.push({ at, until: on ? at + holdMs : at });
      if (switchings.length > maxHistory) switchings.shift();
    },
    openAt(timeMs) {
      let open = false;
      for (const { at, until } of switchings) {
        if (at > timeMs) break;
        open = timeMs < until;
      }
      return open;
    },
  };
}
