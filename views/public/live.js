// The live parts of a page, renewed every two seconds from the page itself.
import { Idiomorph } from './idiomorph.js';
import { localise } from './local-times.js';

const REFRESH_MS = 2000;
/** What the reader has changed on the page: the server knows nothing of it. */
const OWN_ATTRIBUTES = new Set(['open', 'hidden', 'checked', 'data-marked']);

export function keepLive() {
  if (document.querySelector('[data-live]') === null) return;
  const renew = async () => {
    if (isUndisturbed()) await refresh();
    setTimeout(renew, REFRESH_MS);
  };
  setTimeout(renew, REFRESH_MS);
}

/** Nothing moves under a reader who selects: text, or rows to act on. */
function isUndisturbed() {
  if (document.hidden || document.querySelector('main tbody input:checked, dialog[open]') !== null)
    return false;
  const selection = getSelection();
  return selection === null || selection.isCollapsed;
}

async function refresh() {
  const response = await fetch(location.href, { headers: { accept: 'text/html' } }).catch(() => undefined);
  if (!response?.ok || response.redirected) return;
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  // The reader may have begun to select while the answer was on its way.
  if (!isUndisturbed()) return;
  localise(fresh);
  for (const part of document.querySelectorAll('[data-live]')) {
    const successor = fresh.getElementById(part.id);
    if (successor !== null) morph(part, successor);
  }
  document.dispatchEvent(new CustomEvent('renewed'));
}

function morph(part, successor) {
  const left = new Set([...part.querySelectorAll('.lines')].filter((log) => !isAtItsEnd(log)));
  Idiomorph.morph(part, document.adoptNode(successor), {
    ignoreActiveValue: true,
    callbacks: { beforeAttributeUpdated: (name) => !OWN_ATTRIBUTES.has(name) },
  });
  // Who reads the end of a log goes on reading its end; who has scrolled away from it is left alone.
  for (const log of part.querySelectorAll('.lines')) if (!left.has(log)) log.scrollTop = log.scrollHeight;
}

function isAtItsEnd({ scrollTop, clientHeight, scrollHeight }) {
  return scrollTop + clientHeight > scrollHeight - 20;
}
