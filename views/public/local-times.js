// Times in the reader's own zone and clock; the exact instant stays in the title.

const twoDigits = {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
};
const whole = new Intl.DateTimeFormat('en-CA', { ...twoDigits, timeZoneName: 'short' });
const time = new Intl.DateTimeFormat('en-CA', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});
const ticks = {
  time: new Intl.DateTimeFormat('en-CA', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  day: new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' }),
};

/** Writes the times of a document, or of the one that is to take its place, anew. */
export function localise(page) {
  for (const each of page.querySelectorAll('time [data-local]'))
    each.textContent = wholeOf(each.closest('time'));
  for (const each of page.querySelectorAll('time[data-local]')) each.textContent = wholeOf(each);
  for (const each of page.querySelectorAll('time[data-local-time]'))
    each.textContent = time.format(instantOf(each));
  for (const each of page.querySelectorAll('time[data-local-tick]'))
    each.textContent = ticks[each.dataset.localTick].format(instantOf(each));
}

function wholeOf(element) {
  return whole.format(instantOf(element)).replace(',', '');
}

function instantOf(element) {
  return new Date(element.dateTime);
}
