export { createPlcLink } from './lib/plc-link.js';
export { createServerPlcLink } from './lib/plc-link-server.js';
export type { ServerPlcLink } from './lib/plc-link-server.js';
export type { PlcLinkDeps } from './lib/link-desk.js';
export { allowedPeerList, plcClientConfigSchema, plcConfigSchema, plcServerConfigSchema } from './lib/plc-config.js';
export type { PlcClientConfig, PlcConfig, PlcServerConfig } from './lib/plc-config.js';
export { createFileCounterStore } from './lib/file-counter-store.js';
export { createMemoryCounterStore, stationCountersSchema } from './lib/station-counters.js';
export type { CounterStore, StationCounters } from './lib/station-counters.js';
export { probePlc } from './lib/probe-plc.js';
export type { PlcProbe, PlcProbeOptions } from './lib/probe-plc.js';
export { reasonCodeOf, reasonCodes, reasonNameOf } from './lib/reason-codes.js';
export type { ReasonName } from './lib/reason-codes.js';
export { timingBudget } from './lib/timing-budget.js';
export type { TimingBudget, TimingBudgetInput } from './lib/timing-budget.js';
export {
  bypassKeyArea,
  controlBit,
  controlBlockArea,
  controlWord,
  mapSignature,
  mapVersion,
  nextSequence,
  resultValidBitIndex,
  statusBit,
  statusBlockArea,
  statusWord,
  verdictCode,
} from './lib/register-map.js';
export { encoderAdd, encoderDistance } from './lib/word-order.js';
export type { WordOrder } from './lib/word-order.js';
export { decodeControlBlock, encodeControlBlock } from './lib/control-block.js';
export type { ControlBlock } from './lib/control-block.js';
export { decodeStatusBlock, encodeStatusBlock } from './lib/status-block.js';
export type { StatusBlock, StatusReading } from './lib/status-block.js';
export { createStationHandshake } from './lib/station-handshake.js';
export type { StationHandshake, StationHandshakeOptions } from './lib/station-handshake.js';
export { createPlcProgram } from './lib/plc-program.js';
export type { EyePart, PlcAction, PlcProgram, PlcProgramOptions, PlcState, StopReason } from './lib/plc-program.js';
export { createPartTracker } from './lib/part-tracker.js';
export type { PartOutcome, PartTracker, PartTrackerGeometry, TrackedPart, TrackerFault } from './lib/part-tracker.js';
export { createModbusServer } from './lib/modbus-server.js';
export type { ModbusDevice, ModbusServer, ModbusServerOptions } from './lib/modbus-server.js';
export { connectModbus } from './lib/modbus-client.js';
export type { ModbusClient, ModbusClientOptions } from './lib/modbus-client.js';
export { maintainModbusSession, pause } from './lib/modbus-session.js';
export type { ModbusSessionOptions } from './lib/modbus-session.js';
export { createPlcRegisters } from './lib/plc-registers.js';
export type { PlcRegistersOptions } from './lib/plc-registers.js';
