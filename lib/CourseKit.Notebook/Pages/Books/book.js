// Light or dark as the reader wants it, and "/" to search. Loaded in the head, so that a dark page never flashes white.
(function () {
  const root = document.documentElement;
  const prefersDark = window.matchMedia('(prefers-color-scheme: dark)');
  // A page opened from the disk may be refused storage; the choice then lasts as long as the page.
  const remember = value => { try { localStorage.setItem('coursekit-theme', value); } catch { /* not kept */ } };
  const remembered = () => { try { return localStorage.getItem('coursekit-theme'); } catch { return null; } };
  const chosen = remembered();
  if (chosen === 'dark' || chosen === 'light') root.dataset.theme = chosen;
  const isDark = () => root.dataset.theme ? root.dataset.theme === 'dark' : prefersDark.matches;

  document.addEventListener('DOMContentLoaded', () => {
    const button = document.querySelector('button.theme');
    const field = document.getElementById('search-words');
    if (button) {
      const show = () => button.setAttribute('aria-pressed', String(isDark()));
      button.hidden = false;
      button.addEventListener('click', () => {
        root.dataset.theme = isDark() ? 'light' : 'dark';
        remember(root.dataset.theme);
        show();
      });
      prefersDark.addEventListener('change', show);
      show();
    }
    document.addEventListener('keydown', event => {
      const writes = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
      if (event.key === '/' && field && !writes && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        field.focus();
        field.select();
      }
    });
  });
})();
