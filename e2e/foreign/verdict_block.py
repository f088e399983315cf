"""What both outside PLCs share: bits, verdict patterns and checksum of the verdict block (libs/plc/README.md)."""

TRIGGER_ENABLE, TRIGGER, RESULT_ACK, BUFFER_ENABLE, GO_ONLINE = 0x01, 0x02, 0x04, 0x08, 0x20
ONLINE, TRIGGER_READY, TRIGGER_ACK, RESULT_VALID = 0x01, 0x02, 0x04, 0x10
VERDICTS = {0x5AA5: "pass", 0xC33C: "reject", 0x3CC3: "review", 0x0FF0: "error"}


def crc16(words):
    crc = 0xFFFF
    for word in words:
        for byte in (word >> 8, word & 0xFF):
            crc ^= byte
            for _ in range(8):
                crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc
