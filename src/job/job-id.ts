import { InvalidJobIdError } from '../errors.js';

const LARGEST = 2n ** 63n - 1n;

/** @throws InvalidJobIdError for anything but a decimal string that Postgres can hold */
export function checkJobId(id: string): string {
  if (typeof id === 'string' && /^\d{1,19}$/.test(id) && BigInt(id) <= LARGEST) return id;
  throw new InvalidJobIdError(id);
}
