import type { PlcLink } from '@edge-blueprints/contracts';
import { createLinkDesk } from './link-desk.js';
import type { PlcLinkDeps } from './link-desk.js';
import { createModbusServer } from './modbus-server.js';
import { decodeControlBlock } from './control-block.js';
import { allowedPeerList } from './plc-config.js';
import type { PlcServerConfig } from './plc-config.js';
import { createStationRegisters } from './station-registers.js';
import { readU32 } from './word-order.js';

export interface ServerPlcLink extends PlcLink {
  /** The bound port, of interest where the configuration says 0. */
  readonly port: number;
}

/**
 * The station as server: a verdict stands in the registers when `publish` returns its promise; the promise settles with
 * the PLC's RESULT_ACK, or after `ackWaitMs`.
 */
export async function createServerPlcLink(config: PlcServerConfig, deps: PlcLinkDeps): Promise<ServerPlcLink> {
  const { clock } = deps;
  let shownTicket = 0;
  const desk = createLinkDesk(config, deps, {
    onTick: () => undefined,
    onShown: (ticket) => {
      shownTicket = ticket;
    },
    onWithdrawn: (ticket) => ({ kind: ticket === shownTicket ? 'ambiguous' : 'refused', code: 'plc.connection-lost' }),
  });
  const { handshake } = desk;
  const registers = createStationRegisters({
    statusWords: desk.statusWords,
    onControl: (words) => {
      handshake.control(decodeControlBlock(words, config.wordOrder), clock.monotonicMs());
      desk.settle();
    },
    onBypassKey: (words) => handshake.bypassKey(readU32(words, 0, config.wordOrder)),
    onWriterGone: () => {
      handshake.gap();
      desk.count('plc.connection-lost', 'the connection that wrote the control block is gone');
      desk.settle();
    },
    onRefusedWriter: (peer, writer) =>
      desk.count('plc.second-writer', `${peer} wrote while ${writer} has the right to write`),
    writerSilentMs: config.watchdogMs * 2,
    monotonicMs: clock.monotonicMs,
  });
  try {
    const server = await createModbusServer(
      { ...config, allowedPeers: allowedPeerList(config.allowedPeers) },
      registers,
    );
    return {
      port: server.port,
      triggers: desk.triggers,
      publish: (verdict) => {
        const atMs = clock.monotonicMs();
        const reply = handshake.publish(verdict, atMs);
        if (reply.kind === 'refused') {
          desk.settle();
          return Promise.resolve(reply);
        }
        const outcome = desk.publications.wait(reply.ticket, atMs);
        desk.settle();
        return outcome;
      },
      setCondition: (condition) => handshake.setCondition(condition),
      status: () => {
        const counters = server.counters();
        const status = desk.status(registers.writer() !== null);
        return { ...status, faults: { ...status.faults, ...transportFaults(counters) } };
      },
      close: async () => {
        desk.close();
        await server.close();
      },
    };
  } catch (error) {
    desk.close();
    throw error;
  }
}

function transportFaults(counters: {
  readonly refusedPeers: number;
  readonly refusedConnections: number;
  readonly malformed: number;
  readonly exceptions: number;
}): Readonly<Record<string, number>> {
  const named = {
    'plc.peer-refused': counters.refusedPeers,
    'plc.connection-refused': counters.refusedConnections,
    'plc.malformed-request': counters.malformed,
    'plc.exception-answered': counters.exceptions,
  };
  return Object.fromEntries(Object.entries(named).filter(([, times]) => times > 0));
}
