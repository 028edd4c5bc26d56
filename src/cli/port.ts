import { InvalidArgumentError } from 'commander';
import { z } from 'zod';

const MESSAGE = 'expected a port from 0 to 65535 (0: any free one)';

export const portSchema = z
  .string()
  .regex(/^\d{1,5}$/, MESSAGE)
  .transform(Number)
  .refine((port) => port <= 65_535, MESSAGE);

/** The argument of `--port`. */
export function parsePort(text: string): number {
  const parsed = portSchema.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError(MESSAGE);
  return parsed.data;
}
