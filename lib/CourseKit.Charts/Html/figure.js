// Draws figures in whatever page they land in: a notebook, a saved page, an assignment's feedback.
// Every figure brings this text along, the first one on a page installs it. Lines that start with // are left out.
window.courseKitFigures = window.courseKitFigures || (function () {
  const drawn = new Set();
  let plotly = null;
  let watching = false;

  // Jupyter serves a kernel's folder; the kit's kernel keeps plotly.js there, so that no network is needed.
  function jupyterFolders() {
    let base = document.body && document.body.dataset.baseUrl;
    if (base === undefined) {
      const settings = document.getElementById('jupyter-config-data');
      if (!settings) return [];
      try { base = JSON.parse(settings.textContent).baseUrl; } catch { return []; }
    }
    base = (base || '/').replace(/\/?$/, '/');
    // The notebook's own kernel first, where the page tells it, for one that was registered under another name.
    const own = window.Jupyter?.notebook?.kernel?.name;
    return [...new Set([own, 'coursekit', '.net-csharp'])].filter(name => name)
      .map(name => base + 'kernelspecs/' + name + '/plotly.min.js');
  }

  function loadScript(url) {
    return new Promise((resolve, reject) => {
      // Where require.js is on the page, a script that finds define.amd registers there and leaves no window.Plotly.
      const define = window.define;
      const amd = define && define.amd;
      if (amd) define.amd = undefined;
      const restore = () => { if (amd) define.amd = amd; };
      const script = document.createElement('script');
      script.src = url;
      script.charset = 'utf-8';
      script.onload = () => { restore(); window.Plotly ? resolve(window.Plotly) : reject(new Error(url)); };
      script.onerror = () => { restore(); script.remove(); reject(new Error(url)); };
      document.head.appendChild(script);
    });
  }

  async function findPlotly(cdn) {
    if (window.Plotly) return window.Plotly;
    for (const url of [...(window.CourseKitPlotlySources || []), ...jupyterFolders(), cdn]) {
      try { return await loadScript(url); } catch { /* the next one */ }
    }
    throw new Error('plotly.js was not found');
  }

  // One load for all figures on the page; after a failure the next figure tries again.
  function loadPlotly(cdn) {
    plotly = plotly || findPlotly(cdn).catch(error => { plotly = null; throw error; });
    return plotly;
  }

  function isDark() {
    const chosen = document.documentElement.dataset.theme;
    if (chosen === 'dark' || chosen === 'light') return chosen === 'dark';
    const body = document.body;
    if (body && body.dataset.jpThemeLight) return body.dataset.jpThemeLight === 'false';
    if (body && /\bvscode-(dark|high-contrast)(?!-light)\b/.test(body.className)) return true;
    if (body && /\bvscode-/.test(body.className)) return false;
    return window.matchMedia('(prefers-color-scheme: dark)').matches;
  }

  // What a layout needs to be read on this page, as dotted paths.
  function colours(layout) {
    const dark = isDark();
    const text = dark ? '#e8e8e8' : '#222222';
    const muted = dark ? '#b0b0b0' : '#595959';
    const grid = dark ? '#3f3f3f' : '#dedede';
    const zero = dark ? '#7a7a7a' : '#9a9a9a';
    const panel = dark ? '#2b2b2b' : '#f0f0f0';
    const patch = {
      'font.color': text,
      'modebar.bgcolor': 'rgba(0,0,0,0)', 'modebar.color': muted, 'modebar.activecolor': text,
      'legend.bgcolor': 'rgba(0,0,0,0)'
    };
    const axis = path => { patch[path + '.gridcolor'] = grid; patch[path + '.zerolinecolor'] = zero; };
    for (const key of Object.keys(layout)) {
      if (/^[xy]axis\d*$/.test(key)) axis(key);
      if (/^scene\d*$/.test(key)) ['xaxis', 'yaxis', 'zaxis'].forEach(name => axis(key + '.' + name));
    }
    (layout.sliders || []).forEach((_, i) => {
      patch['sliders[' + i + '].bgcolor'] = panel;
      patch['sliders[' + i + '].activebgcolor'] = zero;
      patch['sliders[' + i + '].bordercolor'] = muted;
      patch['sliders[' + i + '].tickcolor'] = muted;
    });
    return patch;
  }

  function set(target, path, value) {
    const steps = path.split(/[.[\]]+/).filter(step => step !== '');
    const last = steps.pop();
    steps.forEach(step => { target = target[step] = target[step] || {}; });
    target[last] = value;
  }

  function restyleAll() {
    drawn.forEach(target => {
      if (target.isConnected) window.Plotly.relayout(target, colours(target.layout));
      else drawn.delete(target);
    });
  }

  function watchTheme() {
    if (watching) return;
    watching = true;
    window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', restyleAll);
    const observer = new MutationObserver(restyleAll);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    observer.observe(document.body, { attributes: true, attributeFilter: ['data-jp-theme-light', 'class'] });
  }

  // A panel beside a notebook changes the width without the window's resize event; a hidden tab starts without a width.
  function watchWidth(target) {
    let width = target.clientWidth;
    new ResizeObserver(() => {
      if (target.clientWidth === width || target.clientWidth === 0) return;
      width = target.clientWidth;
      window.Plotly.Plots.resize(target);
    }).observe(target);
  }

  // The figure's place is the element before its script. Where a page runs scripts apart from their place,
  // it is the first one with the same key that is still empty: equal figures are equal, so any of them will do.
  function place(script, key) {
    const before = script && script.previousElementSibling;
    if (before && before.dataset.coursekitFigure === key) return before;
    return document.querySelector('[data-coursekit-figure="' + key + '"]:not([data-drawn])');
  }

  function draw(script, key, figure, cdn) {
    const target = place(script, key);
    if (!target) return;
    target.setAttribute('data-drawn', '');
    loadPlotly(cdn).then(Plotly => {
      const patch = colours(figure.layout);
      for (const path in patch) set(figure.layout, path, patch[path]);
      // On a narrow page Plotly's tools would lie upon the title.
      if (target.clientWidth < 560) figure.config.displayModeBar = false;
      target.textContent = '';
      return Plotly.newPlot(target, figure).then(() => {
        drawn.add(target);
        watchTheme();
        if (!figure.layout.width) watchWidth(target);
      });
    }).catch(error => {
      target.textContent = 'This figure could not be drawn: ' + error.message
        + '. Figures need plotly.js, from the CourseKit kernel or from ' + cdn
        + '; connect to the network, or save a page with "coursekit book", which works offline.';
    });
  }

  return { draw: draw };
})();
