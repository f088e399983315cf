export type MqttVersion = 4 | 5;

/** `version`: the broker said that it does not speak it. `closed`: it hung up instead of answering the CONNECT. */
export type ConnectRefusal = 'version' | 'closed';

export interface ProtocolChoice {
  readonly version: () => MqttVersion;
  accepted(): void;
  /** @returns true when the other version should be tried at once */
  refused(refusal: ConnectRefusal): boolean;
}

/**
 * MQTT 5 first, 3.1.1 where the broker refuses it, and what worked is remembered. A broker that hangs up says nothing about
 * versions, so that only counts before the first success. After one change the next one waits for the usual pause.
 */
export function createProtocolChoice(): ProtocolChoice {
  let version: MqttVersion = 5;
  let known = false;
  let changed = false;
  return {
    version: () => version,
    accepted() {
      known = true;
      changed = false;
    },
    refused(refusal) {
      if (refusal === 'closed' && known) return false;
      version = version === 5 ? 4 : 5;
      const atOnce = !changed;
      changed = true;
      return atOnce;
    },
  };
}
