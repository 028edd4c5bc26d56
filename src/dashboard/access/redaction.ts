import type { CheckedDashboardOptions, ShownValue } from '../options.js';

export const REDACTED = '[redacted]';

type RedactOptions = CheckedDashboardOptions['redact'];

/** Replaces what the host app wants nobody to see. Whatever fails on the way hides the value. */
export class Redaction {
  readonly #keys: ReadonlySet<string>;
  readonly #value: NonNullable<RedactOptions>['value'];

  constructor(options: RedactOptions) {
    this.#keys = new Set(options?.keys?.map((key) => key.toLowerCase()));
    this.#value = options?.value;
  }

  /** Whether there is anything to hide. */
  get isOn(): boolean {
    return this.#keys.size > 0 || this.#value !== undefined;
  }

  /** What is shown instead of the value. */
  of(value: unknown, shown: ShownValue): unknown {
    if (!this.isOn) return value;
    try {
      const byKeys = this.#byKeys(value);
      return this.#value === undefined ? byKeys : jsonOf(this.#value(structuredClone(byKeys), shown));
    } catch {
      return REDACTED;
    }
  }

  /** Of args whose job is not known: a function that goes by the job's name could not tell what to hide of them. */
  ofSomeJob(args: unknown): unknown {
    return this.#value === undefined ? this.byKeys(args) : REDACTED;
  }

  /** The same by the names of keys alone: for what is of no job. */
  byKeys(value: unknown): unknown {
    try {
      return this.#byKeys(value);
    } catch {
      return REDACTED;
    }
  }

  #byKeys(value: unknown): unknown {
    if (this.#keys.size === 0 || typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.#byKeys(item));
    const entries = Object.entries(value).map(([key, item]) => [
      key,
      this.#keys.has(key.toLowerCase()) ? REDACTED : this.#byKeys(item),
    ]);
    return Object.fromEntries(entries);
  }

  /** Whether the value is shown as it is. */
  leaves(value: unknown, shown: ShownValue): boolean {
    return !this.isOn || JSON.stringify(this.of(value, shown)) === JSON.stringify(value);
  }
}

/** What the function answers is shown as JSON, whatever it is. @throws what cannot be, such as a cycle or nothing at all */
function jsonOf(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer));
}
