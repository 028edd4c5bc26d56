// Everything works without these scripts. They add: what is new without a reload, times in the reader's zone, one box that ticks
// all, completions of a search, the keyboard, and the switch between light and dark.
import { offerCompletions } from './completions.js';
import { listenToKeys } from './keyboard.js';
import { keepLive } from './live.js';
import { localise } from './local-times.js';
import { followSelections } from './selection.js';
import { followTheme } from './theme.js';

for (const part of document.querySelectorAll('[data-with-script]')) part.hidden = false;
localise(document);
followSelections();
followTheme();
offerCompletions();
listenToKeys();
keepLive();
forgetOutcome();
for (const choice of document.querySelectorAll('[data-submit]'))
  choice.addEventListener('change', () => choice.form.requestSubmit());
showCurrentState();
// What a running job says last is what its reader came for.
for (const log of document.querySelectorAll('[data-grows]')) log.scrollTop = log.scrollHeight;

/** What was done is told once: not again after a reload. */
function forgetOutcome() {
  const address = new URL(location.href);
  if (!address.searchParams.has('done')) return;
  address.searchParams.delete('done');
  history.replaceState(history.state, '', address);
}

/** On a narrow screen the states are a strip: the one of this page may be beyond its edge. Not by scrollIntoView: Tab would begin there. */
function showCurrentState() {
  const strip = document.querySelector('.states');
  const current = strip?.querySelector('[aria-current]')?.getBoundingClientRect();
  if (current === undefined) return;
  const { left, width } = strip.getBoundingClientRect();
  strip.scrollLeft += current.left + current.width / 2 - left - width / 2;
}
