import { z } from 'zod';

/** Something that a customer asked for cannot be done; the message is for them. */
export class RefusedError extends Error {}

/** A line of text that a person typed: control characters do not belong into mails and pages. */
export const text = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^\P{Cc}*$/u, 'control characters are not allowed');
