// The switch between light and dark. A cookie, so that the server writes it into the next page and nothing flashes.

const YEAR_S = 31_536_000;

export function followTheme() {
  const choice = document.querySelector('[data-theme-switch]');
  choice?.addEventListener('change', () => {
    const theme = choice.value;
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    const age = theme === 'system' ? 0 : YEAR_S;
    document.cookie = `firelock-theme=${theme}; path=${choice.dataset.path}; max-age=${age}; samesite=lax`;
  });
}
