/**
 * Values as this layer hands them on, whatever type parsers the application has set on its pool: ids are decimal strings,
 * instants are Dates, and what is missing is undefined.
 */
export function instant(value: Date): Date;
export function instant(value: Date | null): Date | undefined;
export function instant(value: Date | null): Date | undefined {
  return value === null ? undefined : new Date(value);
}

export function idOf(value: string | number | bigint): string;
export function idOf(value: string | number | bigint | null): string | undefined;
export function idOf(value: string | number | bigint | null): string | undefined {
  return value === null ? undefined : String(value);
}
