/** Which of the ready jobs of a queue is claimed first; within a priority, the oldest. */
export type Priority = 'critical' | 'high' | 'normal' | 'low';

/** In the order of claiming; the index is what the database keeps, so that one ascending index gives the order. */
export const priorities = ['critical', 'high', 'normal', 'low'] as const satisfies readonly Priority[];

export function priorityRank(priority: Priority): number {
  return priorities.indexOf(priority);
}

export function priorityOfRank(rank: number): Priority {
  return priorities[rank] ?? 'normal';
}
