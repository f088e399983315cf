import { parentPort, workerData } from 'node:worker_threads';
import { EdgeError, errorMessage } from '@edge-blueprints/contracts';
import { openSqliteRecordStore } from './sqlite-record-store.js';
import type { StoreAnswer, StoreCall } from './open-record-store.js';

const port = parentPort;
if (port) {
  const store = openSqliteRecordStore(workerData);
  const answer = (message: StoreAnswer): void => port.postMessage(message);
  port.on('message', (call: StoreCall) => {
    try {
      const value = run(call);
      answer({ id: call.id, value });
      if (call.verb === 'close') port.close();
    } catch (error) {
      answer({
        id: call.id,
        failure: {
          code: error instanceof EdgeError ? error.code : 'store.disk',
          retry: error instanceof EdgeError ? error.retry : 'safe',
          message: errorMessage(error),
        },
      });
    }
  });

  const run = (call: StoreCall): unknown => {
    switch (call.verb) {
      case 'put':
        return store.put(call.record);
      case 'get':
        return store.get(call.key);
      case 'list':
        return store.list(call.query);
      case 'amend':
        return store.amend(call.key, call.body, call.message);
      case 'undelivered':
        return store.undelivered(call.key);
      case 'blob':
        return store.blob(call.key);
      case 'pending':
        return store.pending(call.limit);
      case 'acknowledge':
        return store.acknowledge(call.row);
      case 'fail':
        return store.fail(call.row, call.reason, call.final);
      case 'readValue':
        return store.readValue(call.key);
      case 'writeValue':
        return store.writeValue(call.key, call.body);
      case 'stats':
        return store.stats();
      case 'close':
        return store.close();
      default:
        return call satisfies never;
    }
  };
}
