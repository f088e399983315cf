/** A gate that a spring holds on the reject side; current on its valve moves it to the accept side after a delay. */
export interface AcceptGate {
  setCoil(on: boolean, atMs: number): void;
  /** True when the gate led into the accept bin at this time. */
  openAt(timeMs: number): boolean;
}

/** Switchings kept; a part between camera and gate causes two. */
const maxHistory = 256;

export function createAcceptGate(valveDelayMs: number): AcceptGate {
  const switchings: { readonly at: number; readonly on: boolean }[] = [];
  return {
    setCoil(on, atMs) {
      switchings.push({ at: atMs + valveDelayMs, on });
      if (switchings.length > maxHistory) switchings.shift();
    },
    openAt(timeMs) {
      let open = false;
      for (const { at, on } of switchings) {
        if (at > timeMs) break;
        open = on;
      }
      return open;
    },
  };
}
