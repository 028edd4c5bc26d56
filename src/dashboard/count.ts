import { COUNT_LIMIT } from '../storage/job-counts.js';

const digits = new Intl.NumberFormat('en-US');

/** A number of jobs as it was counted: exact below the limit of counting. */
export function formatCount(count: number): string {
  return count >= COUNT_LIMIT ? `${digits.format(COUNT_LIMIT)}+` : digits.format(count);
}

/** The number with its noun: '1 job', '3 jobs'. */
export function formatQuantity(count: number, noun: string): string {
  return `${digits.format(count)} ${noun}${count === 1 ? '' : 's'}`;
}
