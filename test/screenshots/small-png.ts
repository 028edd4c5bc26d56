import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = 8;
const PALETTE_LIMIT = 256;
/** Colours whose parts agree in their three highest bits are of a kind. */
const KIND = 0xe0e0e0;
const KINDS_KEPT = 160;

/** A picture of text and areas, with a palette instead of full colours: about a third of what a browser writes. */
export function smallPng(image: Buffer): Buffer {
  const chunks = chunksOf(image);
  const { width, height, channels } = headerOf(chunks);
  const pixels = unfiltered(inflateSync(joined(chunks, 'IDAT')), { width, height, channels });
  const { palette, places } = paletteOf(pixels, channels);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1)
    rows.set(places.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    image.subarray(0, SIGNATURE),
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

interface Header {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

function chunksOf(image: Buffer): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE; at < image.length; ) {
    const length = image.readUInt32BE(at);
    chunks.push({
      type: image.toString('latin1', at + 4, at + 8),
      data: image.subarray(at + 8, at + 8 + length),
    });
    at += length + 12;
  }
  return chunks;
}

function joined(chunks: readonly Chunk[], type: string): Buffer {
  return Buffer.concat(chunks.filter((each) => each.type === type).map(({ data }) => data));
}

/** Chromium writes eight bits a channel, with or without transparency. */
function headerOf(chunks: readonly Chunk[]): Header {
  const header = joined(chunks, 'IHDR');
  return {
    width: header.readUInt32BE(0),
    height: header.readUInt32BE(4),
    channels: header[9] === 6 ? 4 : 3,
  };
}

/** Each row says how it was predicted from its left and upper neighbours: the pixels without that. */
function unfiltered(data: Buffer, { width, height, channels }: Header): Buffer {
  const line = width * channels;
  const out = Buffer.alloc(line * height);
  for (let y = 0; y < height; y += 1) {
    const filter = data[y * (line + 1)] ?? 0;
    for (let x = 0; x < line; x += 1) {
      const left = x < channels ? 0 : (out[y * line + x - channels] ?? 0);
      const up = y === 0 ? 0 : (out[(y - 1) * line + x] ?? 0);
      const corner = x < channels || y === 0 ? 0 : (out[(y - 1) * line + x - channels] ?? 0);
      out[y * line + x] = (data[y * (line + 1) + 1 + x] ?? 0) + predicted(filter, { left, up, corner });
    }
  }
  return out;
}

interface Neighbours {
  readonly left: number;
  readonly up: number;
  readonly corner: number;
}

function predicted(filter: number, { left, up, corner }: Neighbours): number {
  if (filter < 3) return [0, left, up][filter] ?? 0;
  if (filter === 3) return (left + up) >> 1;
  const guess = left + up - corner;
  const toLeft = Math.abs(guess - left);
  const toUp = Math.abs(guess - up);
  const toCorner = Math.abs(guess - corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** Few colours; each of the others becomes the one of them that is nearest. */
function paletteOf(pixels: Buffer, channels: number): { readonly palette: Buffer; readonly places: Buffer } {
  const colours = Array.from({ length: pixels.length / channels }, (_, pixel) =>
    pixels.readUIntBE(pixel * channels, 3),
  );
  const counts = new Map<number, number>();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const kept = mostTelling(
    [...counts.keys()].toSorted((one, other) => (counts.get(other) ?? 0) - (counts.get(one) ?? 0)),
  );
  const placeOf = new Map([...counts.keys()].map((colour) => [colour, nearest(colour, kept)]));
  return {
    palette: Buffer.from(kept.flatMap(partsOf)),
    places: Buffer.from(colours.map((colour) => placeOf.get(colour) ?? 0)),
  };
}

/** First one of each kind of colour, however small its area: a dot keeps its hue. Then those that occur most. */
function mostTelling(byCount: readonly number[]): readonly number[] {
  const kinds = new Map(byCount.toReversed().map((colour) => [colour & KIND, colour]));
  const ofEachKind = byCount.filter((colour) => kinds.get(colour & KIND) === colour).slice(0, KINDS_KEPT);
  return [...new Set([...ofEachKind, ...byCount])].slice(0, PALETTE_LIMIT);
}

function nearest(colour: number, kept: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = partsOf(colour);
  const distances = kept.map((each) => {
    const [r = 0, g = 0, b = 0] = partsOf(each);
    return (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
  });
  return distances.indexOf(Math.min(...distances));
}

function partsOf(colour: number): readonly number[] {
  return [colour >> 16, (colour >> 8) & 255, colour & 255];
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
