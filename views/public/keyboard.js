// The keys of the list that `?` shows.

const rowKeys = { j: 1, k: -1 };
const places = { h: '', q: 'queues', f: 'failed', d: 'dead', r: 'recurring', s: 'servers' };
const PREFIX_MS = 1000;

let wentAt = 0;

export function listenToKeys() {
  const help = document.querySelector('#keys');
  document.querySelector('[data-open-keys]')?.addEventListener('click', () => help.showModal());
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || help?.open) return;
    if (act(event.key, help)) event.preventDefault();
  });
}

/** Whether the key was one of ours. */
function act(key, help) {
  if (isAfterG() && key in places) return go(places[key]);
  if (key in rowKeys) return mark(rowKeys[key]);
  switch (key) {
    case 'g':
      wentAt = performance.now();
      return true;
    case '/':
      document.querySelector('#search')?.focus();
      return true;
    case '?':
      help?.showModal();
      return true;
    case 'x':
      return press(marked()?.querySelector('input[type=checkbox]'));
    case 'Enter':
      // On a link or a button it is the browser's own.
      return document.activeElement === document.body && press(marked()?.querySelector('th a, td a'));
    case 'n':
      return press(document.querySelector('a[rel=next]'));
    default:
      return false;
  }
}

function isTyping(element) {
  return element.closest('input:not([type=checkbox]), textarea, select') !== null;
}

function isAfterG() {
  return wentAt > 0 && performance.now() - wentAt < PREFIX_MS;
}

function go(place) {
  location.href = `${document.querySelector('.brand').getAttribute('href')}${place}`;
  return true;
}

function marked() {
  return document.querySelector('tr[data-marked]');
}

/** Moves the mark by so many rows. */
function mark(step) {
  const rows = [...document.querySelectorAll('[data-rows] tbody tr')];
  if (rows.length === 0) return false;
  const current = rows.indexOf(marked());
  const next = rows[Math.min(rows.length - 1, Math.max(0, current === -1 ? 0 : current + step))];
  marked()?.removeAttribute('data-marked');
  next.setAttribute('data-marked', '');
  next.scrollIntoView({ block: 'nearest' });
  return true;
}

function press(element) {
  element?.click();
  return element !== null && element !== undefined;
}
