// Everything works without this file. It adds: the newest numbers on the home page, one box that ticks all, and a count of
// what is ticked.

const REFRESH_MS = 3000;

if (document.querySelector('#counts')) setInterval(refresh, REFRESH_MS);
for (const form of document.forms) if (form.querySelector('[data-selection]')) followSelection(form);
forgetOutcome();
// On a narrow screen the states are a strip: the one of this page may be beyond its edge.
document.querySelector('.states [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });

/** Replaces the live parts of the page by their newest state; one that holds the focus stays. */
async function refresh() {
  if (document.hidden) return;
  const response = await fetch(location.href).catch(() => undefined);
  if (!response?.ok || response.redirected) return;
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  for (const part of document.querySelectorAll('[data-live]')) {
    const successor = fresh.getElementById(part.id);
    if (successor && !part.contains(document.activeElement)) part.replaceWith(document.adoptNode(successor));
  }
}

function followSelection(form) {
  const all = form.querySelector('[data-select-all]');
  const boxes = [...form.querySelectorAll('tbody input[type=checkbox]')];
  const words = form.querySelector('[data-selection]');
  const hint = words.textContent;
  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    words.textContent = ticked === 0 ? hint : `${ticked} of ${boxes.length} selected`;
  };
  all.hidden = false;
  all.addEventListener('change', () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  form.addEventListener('change', show);
  // The browser may have kept the ticks of an earlier visit.
  show();
}

/** What was done is told once: not again after a reload. */
function forgetOutcome() {
  const address = new URL(location.href);
  if (!address.searchParams.has('done')) return;
  address.searchParams.delete('done');
  history.replaceState(history.state, '', address);
}
