import { COUNT_LIMIT } from '../../storage/job-counts.js';

const digits = new Intl.NumberFormat('en-US');

/** A number of jobs as it was counted: exact below the limit of counting. */
export function formatCount(count: number): string {
  return count >= COUNT_LIMIT ? `${digits.format(COUNT_LIMIT)}+` : digits.format(count);
}

export function formatNumber(count: number): string {
  return digits.format(count);
}
