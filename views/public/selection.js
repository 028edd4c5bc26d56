// One box that ticks all rows of a list, and a count of what is ticked.

export function followSelections() {
  for (const form of document.forms) if (form.querySelector('[data-selection]')) follow(form);
}

function follow(form) {
  const words = form.querySelector('[data-selection]');
  const hint = words.textContent;
  const show = () => {
    const all = form.querySelector('[data-select-all]');
    const boxes = boxesOf(form);
    const ticked = boxes.filter((box) => box.checked).length;
    if (all !== null) {
      all.hidden = false;
      all.checked = ticked > 0 && ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    }
    const told = words.dataset.selected.replace('{ticked}', ticked).replace('{all}', boxes.length);
    words.textContent = ticked === 0 ? hint : told;
  };
  form.addEventListener('change', ({ target }) => {
    if (target.matches('[data-select-all]')) for (const box of boxesOf(form)) box.checked = target.checked;
    show();
  });
  document.addEventListener('renewed', show);
  // The browser may have kept the ticks of an earlier visit.
  show();
}

function boxesOf(form) {
  return [...form.querySelectorAll('tbody input[type=checkbox]')];
}
