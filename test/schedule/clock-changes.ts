/** A change of the clocks: its instant, and the hours of the day around it. */
export interface ClockChange {
  readonly change: string;
  readonly timeZone: string;
  readonly at: number;
  readonly hours: { readonly first: number; readonly last: number };
}

export const CLOCK_CHANGES = [
  change('spring in New York', 'America/New_York', ['2024-03-10T07:00Z', 0, 4]),
  change('autumn in New York', 'America/New_York', ['2024-11-03T06:00Z', 0, 3]),
  change('spring in Paris', 'Europe/Paris', ['2026-03-29T01:00Z', 0, 4]),
  change('autumn in Paris', 'Europe/Paris', ['2026-10-25T01:00Z', 0, 4]),
  change('the half hour of spring on Lord Howe', 'Australia/Lord_Howe', ['2024-10-05T15:30Z', 1, 3]),
  change('the half hour of autumn on Lord Howe', 'Australia/Lord_Howe', ['2024-04-06T15:00Z', 1, 3]),
  change('the two hours of spring at Troll', 'Antarctica/Troll', ['2024-03-31T01:00Z', 0, 4]),
  change('the two hours of autumn at Troll', 'Antarctica/Troll', ['2024-10-27T01:00Z', 0, 4]),
  change('spring at midnight in Sao Paulo', 'America/Sao_Paulo', ['2018-11-04T03:00Z', 0, 2]),
  change('autumn at midnight in Sao Paulo', 'America/Sao_Paulo', ['2018-02-18T02:00Z', 22, 23]),
  change('spring at midnight in Beirut', 'Asia/Beirut', ['2024-03-30T22:00Z', 0, 2]),
  change('autumn at midnight in Beirut', 'Asia/Beirut', ['2024-10-26T21:00Z', 22, 23]),
  change('the end of Ramadan in Casablanca', 'Africa/Casablanca', ['2024-04-14T02:00Z', 1, 4]),
  change('the half hour that Pyongyang skipped', 'Asia/Pyongyang', ['2018-05-04T15:00Z', 22, 23]),
];

export const CHANGES_OF_A_DAY = [
  change('the day that Apia skipped', 'Pacific/Apia', ['2011-12-30T10:00Z', 0, 23]),
  change('the day that Kwajalein had twice', 'Pacific/Kwajalein', ['1969-09-30T13:00Z', 0, 23]),
];

function change(change: string, timeZone: string, [at, first, last]: [string, number, number]): ClockChange {
  return { change, timeZone, at: Date.parse(at), hours: { first, last } };
}
