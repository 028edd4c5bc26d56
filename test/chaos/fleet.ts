import type { Guard } from './guard.js';
import type { Journal } from './journal.js';
import { type Birth, Life, type Seat } from './life.js';

export interface FleetOptions extends Pick<Birth, 'seed' | 'postgres' | 'logs' | 'onMessage'> {
  readonly journal: Journal;
  readonly guard: Guard;
}

/** All processes of a run: one that ends is started again at once. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #lives = new Map<Seat, Life>();
  readonly #seats: { readonly seat: Seat; readonly filled: Promise<void> }[] = [];
  readonly #dismissed = new Set<Seat['program']>();

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  /** Fills a seat from now on. */
  man(seat: Seat): void {
    this.#seats.push({ seat, filled: this.#fill(seat) });
  }

  get seats(): readonly Seat[] {
    return this.#seats.map(({ seat }) => seat);
  }

  /** Those that are alive. */
  get lives(): readonly Life[] {
    return [...this.#lives.values()].filter(({ alive }) => alive);
  }

  /** The life that a seat is in. */
  at(seat: Seat): Life | undefined {
    const life = this.#lives.get(seat);
    return life?.alive === true ? life : undefined;
  }

  /** Those to which something can be done. */
  calm(program: Seat['program']): readonly Life[] {
    return this.lives.filter(({ calm, seat }) => calm && seat.program === program);
  }

  /** Lets the processes of a program leave; their seats stay empty. */
  async dismiss(program: Seat['program']): Promise<void> {
    this.#dismissed.add(program);
    await Promise.all(this.#of(program).map((life) => life.leave()));
    await this.#empty(program);
  }

  /** Ends everything, in whatever state it is. */
  async kill(): Promise<void> {
    for (const program of ['server', 'client'] as const) {
      this.#dismissed.add(program);
      for (const life of this.#of(program)) life.kill();
      await this.#empty(program);
    }
  }

  #of(program: Seat['program']): readonly Life[] {
    return this.lives.filter(({ seat }) => seat.program === program);
  }

  async #empty(program: Seat['program']): Promise<void> {
    const seats = this.#seats.filter(({ seat }) => seat.program === program);
    await Promise.all(seats.map(({ filled }) => filled));
  }

  async #fill(seat: Seat): Promise<void> {
    const { journal, guard, ...birth } = this.#options;
    for (let number = 1; !this.#dismissed.has(seat.program); number += 1) {
      const life = await Life.begin({ ...birth, seat, name: `${seat.name}.${number}` });
      this.#lives.set(seat, life);
      guard.watch(life.pid);
      // Dismissed while it was being born: nobody has told it.
      if (this.#dismissed.has(seat.program)) life.kill();
      journal.note({ kind: 'started', life: life.name, pid: life.pid });
      const ending = await life.ended;
      guard.forget(life.pid);
      journal.note({ kind: 'ended', life: life.name, ending });
    }
  }
}
