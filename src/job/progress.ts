import { InvalidOptionsError } from '../errors.js';
import { shown } from './thrown.js';
import { storable } from './serialisation.js';

const NAME_LIMIT = 200;

/**
 * To the thousandth: what is summed up to 100 may miss it by a hair.
 * @throws InvalidOptionsError
 */
export function checkPercent(bar: string, percent: unknown): number {
  const rounded = typeof percent === 'number' ? Math.round(percent * 1000) / 1000 : Number.NaN;
  if (rounded >= 0 && rounded <= 100) return rounded;
  const message = `expected a number from 0 to 100, got ${shown(percent, 0).slice(0, 100)}`;
  throw new InvalidOptionsError(bar, [{ path: 'percent', message }]);
}

/** @throws InvalidOptionsError */
export function checkBarName(name: unknown): string {
  if (typeof name === 'string' && name.length > 0 && name.length <= NAME_LIMIT) return storable(name);
  const got = typeof name === 'string' ? `${name.length}` : shown(name, 0).slice(0, 100);
  const message = `expected a text of 1 to ${NAME_LIMIT} characters, got ${got}`;
  throw new InvalidOptionsError('progressBar', [{ path: 'name', message }]);
}
