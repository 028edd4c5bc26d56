// Keeps the tables fresh. Without JavaScript the page is the same, as of when it was loaded.
async function refresh() {
  const response = await fetch('/');
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  document.querySelector('#live')?.replaceWith(page.querySelector('#live') ?? '');
}

setInterval(() => void refresh().catch(() => undefined), 2000);
