import * as zlib from 'node:zlib';

/** Offset of the central directory's fields for a file of no extra data; APPNOTE.TXT 4.3.7 and 4.3.12. */
const DEFLATE = 8;
const VERSION = 20;
/** 1 January 1980, so that the same content gives the same archive. */
const DATE = 0x21;
/** `rw-r--r--` of a regular file, as Unix writes it in the external attributes. */
const MODE = 0o100644;

/** A ZIP archive of one file: what Lambda takes for a function's code. */
export function zipOne(name: string, content: Buffer): Buffer {
  const compressed = zlib.deflateRawSync(content);
  const nameBytes = Buffer.from(name, 'utf8');

  const common = Buffer.alloc(26);
  common.writeUInt16LE(VERSION, 0);
  common.writeUInt16LE(DEFLATE, 4);
  common.writeUInt16LE(DATE, 8);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(compressed.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(nameBytes.length, 22);

  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, nameBytes, compressed]);

  const madeBy = Buffer.alloc(2);
  madeBy.writeUInt16LE((3 << 8) | VERSION, 0);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE((MODE << 16) >>> 0, 6);
  const central = Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), madeBy, common, rest, nameBytes]);

  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

function crc32(content: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of content) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
