import { createHash } from 'node:crypto';

/** A number of 32 bits, the same for the same text on every machine and in every release. */
export function hash(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE();
}
