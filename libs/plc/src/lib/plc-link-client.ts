import { DeviceError, createRandom } from '@edge-blueprints/contracts';
import type { PlcLink } from '@edge-blueprints/contracts';
import { decodeControlBlock } from './control-block.js';
import { createLinkDesk } from './link-desk.js';
import type { PlcLinkDeps } from './link-desk.js';
import type { ModbusClient } from './modbus-client.js';
import { maintainModbusSession } from './modbus-session.js';
import type { PlcClientConfig } from './plc-config.js';
import {
  bypassKeyArea,
  controlBit,
  controlBlockArea,
  mapSignature,
  mapVersion,
  resultValidBitIndex,
  statusBit,
  statusBlockArea,
  statusWord,
} from './register-map.js';
import { readU32 } from './word-order.js';

/**
 * The station as client: one loop reads the PLC's control block and writes the status block into the PLC. A new result is
 * written in two steps, the words with RESULT_VALID = 0 and then the RESULT_VALID coil, so that a PLC that takes in a block
 * in pieces never sees a valid half. A write that timed out is `ambiguous`: the connection is dropped, the result withdrawn,
 * and it is never written again.
 */
export function createClientPlcLink(config: PlcClientConfig, deps: PlcLinkDeps): PlcLink {
  const { clock } = deps;
  const stop = new AbortController();
  let connected = false;
  let wake: () => void = () => undefined;
  let shownTicket = 0;
  /** The result whose write has begun and was not confirmed. */
  let unconfirmedTicket = 0;
  let lostBy = 'plc.connection-lost';
  let wakeRequested = false;
  let heartbeatDue = false;
  const requestWake = (): void => {
    wakeRequested = true;
    wake();
  };
  const desk = createLinkDesk(config, deps, {
    onTick: () => {
      heartbeatDue = true;
      requestWake();
    },
    onShown: (ticket) => {
      shownTicket = ticket;
    },
    onWithdrawn: (ticket) => ({ kind: ticket === unconfirmedTicket ? 'ambiguous' : 'refused', code: lostBy }),
  });
  const { handshake } = desk;

  const pollPause = (): number => {
    // While the model runs there is nothing to hear, and each poll takes time from it.
    const active = handshake.state() === 'acquiring' || handshake.state() === 'result-pending';
    return active ? config.activePollMs : config.pollMs;
  };
  const readControl = async (client: ModbusClient): Promise<void> => {
    const words = await client.readHolding(controlBlockArea.holding, controlBlockArea.words);
    const block = decodeControlBlock(words, config.wordOrder);
    const known = handshake.controlBlock().controlBits;
    if ((block.controlBits & ~known & controlBit.BYPASS_REQ) !== 0) {
      const key = await client.readHolding(bypassKeyArea.holding, bypassKeyArea.words);
      handshake.bypassKey(readU32(key, 0, config.wordOrder));
    }
    handshake.control(block, clock.monotonicMs());
    desk.settle();
  };
  const writeResult = async (client: ModbusClient, words: Uint16Array): Promise<void> => {
    const ticket = shownTicket;
    unconfirmedTicket = ticket;
    const withoutValid = Uint16Array.from(words);
    withoutValid[statusWord.STATUS] = (words[statusWord.STATUS] ?? 0) & ~statusBit.RESULT_VALID;
    await client.writeHolding(statusBlockArea.holding, withoutValid);
    await client.writeCoil(statusBlockArea.coils + resultValidBitIndex, true);
    unconfirmedTicket = 0;
    desk.publications.settle(ticket, { kind: 'delivered', atMs: clock.monotonicMs() });
  };
  /** Writes what changed since `written` and returns what the PLC has now. */
  const writeStatus = async (client: ModbusClient, written: Uint16Array | null): Promise<Uint16Array> => {
    const words = desk.statusWords();
    const sameResult = written !== null && written[statusWord.RESULT_SEQ_HEAD] === words[statusWord.RESULT_SEQ_HEAD];
    const sameStatus = written !== null && written[statusWord.STATUS] === words[statusWord.STATUS];
    if (written !== null && sameResult && sameStatus && !heartbeatDue) return written;
    heartbeatDue = false;
    const valid = ((words[statusWord.STATUS] ?? 0) & statusBit.RESULT_VALID) !== 0;
    if (valid && !sameResult) await writeResult(client, words);
    else await client.writeHolding(statusBlockArea.holding, words);
    return words;
  };
  const session = async (client: ModbusClient, ended: AbortSignal): Promise<void> => {
    await refuseForeignMap(client, config);
    connected = true;
    let written: Uint16Array | null = null;
    while (!ended.aborted) {
      wakeRequested = false;
      written = await writeStatus(client, written);
      await readControl(client);
      if (!wakeRequested) await new Promise<void>((resolve) => wakeAfter(pollPause(), ended, resolve));
    }
    if (!client.open) throw await client.closed;
  };
  const wakeAfter = (ms: number, ended: AbortSignal, resolve: () => void): void => {
    const done = (): void => {
      clearTimeout(timer);
      ended.removeEventListener('abort', done);
      wake = () => undefined;
      resolve();
    };
    const timer = setTimeout(done, ms);
    ended.addEventListener('abort', done, { once: true });
    wake = done;
  };
  const running = maintainModbusSession(
    {
      client: config,
      backoffMinMs: config.backoffMinMs,
      backoffMaxMs: config.backoffMaxMs,
      random: createRandom(config.port),
      work: session,
      onDisconnected: (code, message) => {
        connected = false;
        lostBy = code;
        handshake.gap();
        desk.count(code, message);
        desk.settle();
      },
    },
    stop.signal,
  );
  return {
    triggers: desk.triggers,
    publish: (verdict) => {
      const atMs = clock.monotonicMs();
      if (!connected) return Promise.resolve({ kind: 'refused', code: 'plc.not-connected' });
      const reply = handshake.publish(verdict, atMs);
      if (reply.kind === 'refused') {
        desk.settle();
        return Promise.resolve(reply);
      }
      const outcome = desk.publications.wait(reply.ticket, atMs);
      desk.settle();
      requestWake();
      return outcome;
    },
    setCondition: (condition) => handshake.setCondition(condition),
    status: () => desk.status(connected),
    close: async () => {
      stop.abort();
      await running;
      desk.close();
    },
  };
}

/** Zeros are a PLC that nobody has written yet; anything else must be our own map in our own word order. */
async function refuseForeignMap(client: ModbusClient, config: PlcClientConfig): Promise<void> {
  const mapId = await client.readHolding(statusBlockArea.holding, 2);
  const found = readU32(mapId, 0, config.wordOrder);
  if (found === 0 || found === mapSignature * 0x10000 + mapVersion) return;
  const message =
    `The PLC at ${config.host}:${config.port} has ${found.toString(16)} in holding registers 100 and 101 instead of ` +
    `45310001; it runs another register map or another word order than ${config.wordOrder}`;
  throw new DeviceError('plc.wrong-map', message, { retry: 'never', context: { found } });
}
