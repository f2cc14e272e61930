// Draws Mermaid diagrams with the library of that name from its network address; where it cannot be had, the diagram's
// source stays. Lines that start with // are left out; the first diagram on a page installs it.
window.coursekitMermaid = window.coursekitMermaid || (function () {
  let library = null;
  let count = 0;

  function load() {
    library = library || (window.mermaid ? Promise.resolve(window.mermaid)
      : import('https://cdn.jsdelivr.net/npm/mermaid@11/dist/mermaid.esm.min.mjs').then(module => module.default,
        () => { throw new Error('the Mermaid library could not be loaded'); }))
      .then(mermaid => { mermaid.initialize({ startOnLoad: false, theme: isDark() ? 'dark' : 'default' }); return mermaid; })
      .catch(error => { library = null; throw error; });
    return library;
  }

  function isDark() {
    const body = document.body;
    const chosen = document.documentElement.dataset.theme;
    if (chosen === 'dark' || chosen === 'light') return chosen === 'dark';
    if (body && body.dataset.jpThemeLight) return body.dataset.jpThemeLight === 'false';
    if (body && /\bvscode-/.test(body.className)) return /\bvscode-(dark|high-contrast)(?!-light)\b/.test(body.className);
    return window.matchMedia('(prefers-color-scheme: dark)').matches;
  }

  return async function (key) {
    const waiting = document.querySelectorAll('[data-coursekit-mermaid="' + key + '"]:not([data-coursekit-drawn])');
    const element = waiting[waiting.length - 1];
    if (!element) return;
    element.dataset.coursekitDrawn = '';
    const source = element.textContent;
    try {
      const drawn = await (await load()).render('coursekit-mermaid-' + ++count, source);
      element.innerHTML = drawn.svg;
    } catch (error) {
      const note = document.createElement('small');
      note.textContent = 'This diagram is shown as text: ' + (error && error.message || error);
      element.appendChild(note);
    }
  };
})();
