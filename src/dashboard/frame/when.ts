/** What was typed as an instant, or else as a duration, which is refused in its own words if it is none. */
export function whenOf(text: string): Date | string {
  return /^\d{4}-\d{2}-\d{2}/.test(text) ? new Date(text) : text;
}
