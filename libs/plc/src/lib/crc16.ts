/**
 * CRC-16/MODBUS (polynomial 0x8005 reflected, initial value 0xFFFF) over words, high byte of each word first.
 * Finds every change of up to three bits and every burst of up to 16 bits in a block of this size.
 * @param first index of the first word
 * @param last index of the last word, included
 * @see Modbus over serial line specification V1.02, 6.2.2
 */
export function crc16OfWords(words: ArrayLike<number>, first: number, last: number): number {
  let crc = 0xffff;
  for (let index = first; index <= last; index += 1) {
    const word = words[index] ?? 0;
    crc = (crc >>> 8) ^ (table[(crc ^ (word >>> 8)) & 0xff] ?? 0);
    crc = (crc >>> 8) ^ (table[(crc ^ word) & 0xff] ?? 0);
  }
  return crc;
}

const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  return crc;
});
