import type { AttemptId } from '../job/attempt-id.js';
import { type LogLevel, lineText } from '../job/log-line.js';
import type { NewLogRow } from '../storage/write-job-output.js';
import type { Batch, Output, Teller } from './output.js';

/** Of one attempt: who has more to say says it to the logger. */
const LINES_LIMIT = 1000;
const BARS_LIMIT = 100;
/** The name under which the main bar is stored. */
export const MAIN_BAR = '';

/** What one attempt tells while it runs, as far as it is not yet on its way to Postgres. */
export class AttemptOutput implements Teller {
  readonly #key: AttemptId;
  readonly #output: Output;
  /** What is to be written; `#sinceMs` is when the first of them was said. */
  #lines: string[] = [];
  #sinceMs = 0;
  #characters = 0;
  /** How many lines were kept before those. */
  #before = 0;
  #kept = 0;
  /** How many lines were not kept since the last one that was. */
  #omitted = 0;
  readonly #bars = new Map<string, number>();
  readonly #moved = new Set<string>();
  #tooManyBars = false;
  #isClosed = false;

  constructor({ id, attempt }: AttemptId, output: Output) {
    this.#key = { id, attempt };
    this.#output = output;
  }

  /** Whether one more line is kept. One that is not is counted. */
  admitsLine(): boolean {
    if (this.#isClosed) return false;
    if (this.#kept < LINES_LIMIT && !this.#output.isFull) return true;
    this.#omitted += 1;
    this.#output.hearOf(this);
    return false;
  }

  /** `facts` are as `allFacts` makes them. */
  say(level: LogLevel, message: string, facts?: unknown): void {
    const nowMs = performance.now();
    if (this.#omitted > 0) this.#append(this.#omission(nowMs), nowMs);
    this.#omitted = 0;
    this.#append(lineText({ level, afterMs: this.#afterMs(nowMs), message, facts }), nowMs);
  }

  move(name: string, percent: number): void {
    if (this.#isClosed || this.#bars.get(name) === percent) return;
    if (this.#bars.size >= BARS_LIMIT && !this.#bars.has(name)) return this.#refuseBar(name);
    this.#bars.set(name, percent);
    this.#moved.add(name);
    this.#output.hearOf(this);
  }

  /** What it tells from now on is not kept. */
  close(): void {
    this.#isClosed = true;
  }

  /** The lines that wait, in a row; in one of its own, which may be replaced, how many are missing after them; and the bars that moved. */
  take(): Batch {
    const characters = this.#characters;
    const rows = [this.#takeLines(), this.#takeOmission()].filter((row) => row !== undefined);
    const bars = [...this.#moved].map((name) => ({
      ...this.#key,
      name,
      percent: this.#bars.get(name) ?? 0,
    }));
    this.#moved.clear();
    this.#characters = 0;
    return { rows, bars, characters };
  }

  #takeLines(): NewLogRow | undefined {
    const lines = this.#lines;
    if (lines.length === 0) return undefined;
    const number = this.#before + 1;
    this.#lines = [];
    this.#before = this.#kept;
    return { ...this.#key, number, sinceMs: this.#sinceMs, lines };
  }

  #takeOmission(): NewLogRow | undefined {
    if (this.#omitted === 0) return undefined;
    const sinceMs = performance.now();
    return { ...this.#key, number: this.#kept + 1, sinceMs, lines: [this.#omission(sinceMs)] };
  }

  #append(line: string, nowMs: number): void {
    if (this.#lines.length === 0) this.#sinceMs = nowMs;
    this.#lines.push(line);
    this.#kept += 1;
    this.#characters += line.length;
    this.#output.hearOf(this, line.length);
  }

  #afterMs(nowMs: number): number {
    return this.#lines.length === 0 ? 0 : nowMs - this.#sinceMs;
  }

  #omission(nowMs: number): string {
    const reason =
      this.#kept < LINES_LIMIT
        ? 'too many waited to be written'
        : `of an attempt, ${LINES_LIMIT.toLocaleString('en')} are kept`;
    const message = `Lines that are not kept here: ${this.#omitted.toLocaleString('en')} (${reason}).`;
    return lineText({ level: 'warn', afterMs: this.#afterMs(nowMs), message });
  }

  #refuseBar(name: string): void {
    if (this.#tooManyBars) return;
    this.#tooManyBars = true;
    if (!this.admitsLine()) return;
    this.say('warn', `'${name}' and further progress bars are not kept: of an attempt, ${BARS_LIMIT} are.`);
  }
}
