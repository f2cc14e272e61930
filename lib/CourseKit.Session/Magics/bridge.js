// What JavaScript parts of cells have from the kit: values by name, an element below the cell, and a console that
// writes there. Lines that start with // are left out; the first part on a page installs it.
window.coursekit = window.coursekit || (function () {
  const values = {};

  // The newest element of a part that has not run yet: the same part may stand on the page more than once.
  function claim(key) {
    const waiting = document.querySelectorAll('[data-coursekit-script="' + key + '"]:not([data-coursekit-ran])');
    const element = waiting[waiting.length - 1] || document.createElement('div');
    element.dataset.coursekitRan = '';
    return element;
  }

  function text(value) {
    if (typeof value === 'string') return value;
    if (value instanceof Error) return String(value);
    try { const json = JSON.stringify(value); return json === undefined ? String(value) : json; } catch { return String(value); }
  }

  function write(element, line, isError) {
    const pre = document.createElement('pre');
    pre.style.cssText = 'margin:0;white-space:pre-wrap;' + (isError ? 'border-left:3px solid #d9534f;padding-left:.5em' : '');
    pre.textContent = line;
    element.appendChild(pre);
  }

  function consoleOf(element) {
    const own = Object.create(window.console);
    for (const name of ['log', 'info', 'warn', 'error', 'debug'])
      own[name] = (...parts) => { window.console[name](...parts); write(element, parts.map(text).join(' '), name === 'error'); };
    return own;
  }

  // A part that cannot be read by the browser never runs: this is the only place that hears of it.
  window.addEventListener('error', event => {
    if (!(event.error instanceof SyntaxError)) return;
    for (const element of document.querySelectorAll('[data-coursekit-script]:not([data-coursekit-ran])')) {
      element.dataset.coursekitRan = '';
      write(element, event.message, true);
    }
  });

  return {
    values,
    async run(key, shared, part) {
      Object.assign(values, shared);
      const element = claim(key);
      try {
        const result = await part(element, consoleOf(element), ...Object.values(shared));
        if (result instanceof Node) element.appendChild(result);
        else if (result !== undefined) write(element, text(result), false);
      } catch (error) {
        write(element, String(error), true);
        window.console.error(error);
      }
    },
  };
})();
