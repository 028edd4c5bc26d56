// What may stand next in a search. The list of suggestions is the browser's own, so that it works with every keyboard and reader.

const PATIENCE_MS = 120;

export function offerCompletions() {
  const box = document.querySelector('input[data-completions]');
  if (box === null) return;
  let timer;
  const offer = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void complete(box), PATIENCE_MS);
  };
  box.addEventListener('input', offer);
  box.addEventListener('focus', offer);
}

async function complete(box) {
  const text = box.value;
  const response = await fetch(`${box.dataset.completions}?${new URLSearchParams({ q: text })}`).catch(
    () => undefined,
  );
  if (!response?.ok) return;
  const offered = await response.json();
  // Another character may have been typed meanwhile.
  if (box.value !== text) return;
  box.list.replaceChildren(...offered.map(({ value, label }) => new Option(label, value)));
}
