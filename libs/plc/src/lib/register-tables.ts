import { controlBit, controlWord, statusBit, statusWord, verdictCode } from './register-map.js';

/** One row of a block: its words and what they mean, for people. */
export interface RegisterRow {
  readonly word: number;
  readonly words: number;
  readonly name: string;
  readonly meaning: string;
}

export const controlRows: readonly RegisterRow[] = [
  row(controlWord.CONTROL, 1, 'CONTROL', 'bits, see below'),
  row(controlWord.PLC_HEARTBEAT, 1, 'PLC_HEARTBEAT', 'must change within the watchdog time'),
  row(controlWord.PART_SEQ, 1, 'PART_SEQ', '1 to 65535, wraps to 1; 0 is reserved'),
  row(controlWord.RECIPE_ID, 1, 'RECIPE_ID', 'must equal RECIPE_ACTIVE before TRIGGER_READY comes'),
  row(controlWord.ENCODER_AT_TRIGGER, 2, 'ENCODER_AT_TRIGGER', 'u32 counts, latched at the photo-eye'),
  row(controlWord.PART_ID, 8, 'PART_ID', '16 ASCII characters, NUL padded, first character in the high byte'),
  row(controlWord.EXPECTED_MAP_VERSION, 1, 'EXPECTED_MAP_VERSION', 'another version than ours is refused ONLINE'),
  row(controlWord.RESERVED, 1, 'reserved', 'writing anything but 0 gets exception 03'),
];

export const statusRows: readonly RegisterRow[] = [
  row(statusWord.MAP_SIGNATURE, 1, 'MAP_SIGNATURE', '0x4531; with the next word a u32 that shows the word order'),
  row(statusWord.MAP_VERSION, 1, 'MAP_VERSION', '1'),
  row(statusWord.STATUS, 1, 'STATUS', 'bits, see below'),
  row(statusWord.STATION_HEARTBEAT, 1, 'STATION_HEARTBEAT', '+1 twenty times a second'),
  row(
    statusWord.RESULT_SEQ_HEAD,
    1,
    'RESULT_SEQ_HEAD',
    '+1 per published result, wraps 65535 to 1, never reused after a restart',
  ),
  row(statusWord.PART_SEQ_ECHO, 1, 'PART_SEQ_ECHO', 'the part that the result is for'),
  row(statusWord.VERDICT, 1, 'VERDICT', verdictList()),
  row(statusWord.VERDICT_COMPLEMENT, 1, 'VERDICT_COMPLEMENT', 'bitwise NOT of VERDICT'),
  row(statusWord.REASON_CODE, 1, 'REASON_CODE', 'see reason-codes.ts'),
  row(statusWord.DEFECT_CLASS_MASK, 1, 'DEFECT_CLASS_MASK', 'bit i: class i of the bundle was found'),
  row(statusWord.DEFECT_COUNT, 1, 'DEFECT_COUNT', 'defects found'),
  row(statusWord.TOP_SCORE, 1, 'TOP_SCORE', 'highest score x 10 000'),
  row(statusWord.LATENCY, 1, 'LATENCY', 'trigger to verdict, 0.1 ms'),
  row(statusWord.INFERENCE, 1, 'INFERENCE', 'the model alone, 0.1 ms'),
  row(statusWord.ENCODER_ECHO, 2, 'ENCODER_ECHO', 'u32, the encoder of the part that the result is for'),
  row(statusWord.RECIPE_ACTIVE, 1, 'RECIPE_ACTIVE', 'recipe that the station runs'),
  row(statusWord.MODEL_HASH16, 1, 'MODEL_HASH16', 'changes with any model or threshold change'),
  row(statusWord.QUEUE_DEPTH, 1, 'QUEUE_DEPTH', 'results that wait behind the shown one, at most 8'),
  row(statusWord.ERROR_CODE, 1, 'ERROR_CODE', 'first reason why TRIGGER_READY is withheld, see stationErrorCode'),
  row(statusWord.INSPECTED_TOTAL, 2, 'INSPECTED_TOTAL', 'u32, survives restarts'),
  row(statusWord.REJECTED_TOTAL, 2, 'REJECTED_TOTAL', 'u32, verdicts other than PASS, survives restarts'),
  row(statusWord.MISSED_TOTAL, 2, 'MISSED_TOTAL', 'u32, missed and lost triggers, survives restarts'),
  row(statusWord.TIME, 3, 'TIME', 'ms since 1970, 48 bit'),
  row(statusWord.GOLDEN_STATE, 1, 'GOLDEN_STATE', '0 never, 1 due, 2 running, 3 passed, 4 failed, 5 bypassed'),
  row(statusWord.CRC16, 1, 'CRC16', 'CRC-16/MODBUS over words 4 to 29, high byte of each word first'),
  row(statusWord.RESULT_SEQ_TAIL, 1, 'RESULT_SEQ_TAIL', 'must equal the head, else the read was torn: read again'),
];

/** The block as a Markdown table. */
export function registerTable(rows: readonly RegisterRow[]): string {
  const lines = rows.map(({ word, words, name, meaning }) => `| ${span(word, words)} | ${name} | ${meaning} |`);
  return ['| Word | Name | Meaning |', '|---|---|---|', ...lines].join('\n');
}

/** Both bit words side by side as a Markdown table. */
export function bitTable(): string {
  const control = Object.keys(controlBit);
  const lines = Object.keys(statusBit).map((name, bit) => `| ${bit} | ${control[bit] ?? ''} | ${name} |`);
  return ['| Bit | CONTROL | STATUS |', '|---|---|---|', ...lines].join('\n');
}

function row(word: number, words: number, name: string, meaning: string): RegisterRow {
  return { word, words, name, meaning };
}

function span(word: number, words: number): string {
  return words === 1 ? String(word) : `${word}-${word + words - 1}`;
}

function verdictList(): string {
  const hex = (code: number): string => `0x${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const known = Object.entries(verdictCode).map(([verdict, code]) => `${hex(code)} ${verdict.toUpperCase()}`);
  return `${known.join(', ')}; any other value is not a result`;
}
