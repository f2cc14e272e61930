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

  // A figure with a background of its own, such as one made by another library, keeps the colours chosen for that.
  function hasBackground(layout) {
    const chosen = layout.paper_bgcolor || layout.template?.layout?.paper_bgcolor || '#fff';
    return !/^(transparent|rgba\(.*,\s*0(\.0*)?\))$/.test(chosen);
  }

  // What a layout needs to be read on this page, as dotted paths.
  function colours(layout) {
    if (hasBackground(layout)) return {};
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
    // A grid in a colour of its own, such as an electrocardiogram's paper, keeps it.
    const own = path => { const axis = path.split('.').reduce((part, step) => part && part[step], layout); return axis && axis.minor; };
    const axis = path => { if (!own(path)) patch[path + '.gridcolor'] = grid; patch[path + '.zerolinecolor'] = zero; };
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

  // A figure that is redrawn while a training goes on leaves its forerunners behind, and plotly.js listens for each of them.
  // One that hangs in something is scrolled out of sight, perhaps, and comes back.
  function forgetReplaced() {
    drawn.forEach(target => {
      if (target.parentNode) return;
      window.Plotly.purge(target);
      drawn.delete(target);
    });
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

  // Below this width in pixels a page is a phone's, and small multiples stand in fewer columns.
  const narrowPage = 560;

  // What the layout says at the paths of another one.
  function read(source, paths) {
    const values = {};
    for (const path of Object.keys(paths)) {
      let value = source;
      for (const step of path.split(/[.[\]]+/).filter(step => step !== '')) value = value && value[step];
      values[path] = value;
    }
    return values;
  }

  // A frame that brings annotations of its own brings their places, too.
  function moveFrames(frames, patch) {
    (frames || []).filter(frame => frame.layout && frame.layout.annotations).forEach(frame => {
      for (const path in patch) if (path.startsWith('annotations') && frame.layout.annotations[path.match(/\d+/)[0]]) set(frame.layout, path, patch[path]);
    });
  }

  // A text broken into lines of at most so many characters.
  function wrap(text, most) {
    const lines = [];
    for (const word of text.split(' ')) {
      const last = lines.length - 1;
      const plain = (lines[last] + ' ' + word).replace(/<[^>]*>/g, '');
      if (last >= 0 && plain.length <= most) lines[last] += ' ' + word;
      else lines.push(word);
    }
    return lines.join('<br>');
  }

  // Plotly cuts a title off where it does not fit; its further lines push the plot down.
  function wrapTitles(target, layout, frames, width, patch) {
    const titles = [layout, ...(frames || []).map(frame => frame.layout || {})].map(source => source.title).filter(title => title && title.text);
    const lines = text => (text.match(/<br>/g) || []).length;
    let extra = 0;
    titles.forEach(title => {
      title.courseKitText = title.courseKitText || { text: title.text, subtitle: title.subtitle && title.subtitle.text };
      title.text = wrap(title.courseKitText.text, (width - 76) / 8.4);
      let more = 21 * lines(title.text);
      if (title.subtitle) {
        title.subtitle.text = wrap(title.courseKitText.subtitle, (width - 76) / 6.2);
        more += 17 * lines(title.subtitle.text);
      }
      extra = Math.max(extra, more);
    });
    // Without a word about them, Plotly's own height and margin.
    const height = 'height' in patch ? patch.height : (layout.height ?? 450) - (target.courseKitExtra || 0);
    const top = (layout.margin?.t ?? 100) - (target.courseKitExtra || 0);
    if (extra !== (target.courseKitExtra || 0) || 'height' in patch) {
      patch['margin.t'] = top + extra;
      patch.height = height + extra;
    }
    target.courseKitExtra = extra;
    if (layout.title && layout.title.text) patch['title.text'] = layout.title.text;
    if (layout.title && layout.title.subtitle) patch['title.subtitle.text'] = layout.title.subtitle.text;
  }

  // A legend above the plot takes as many lines as the page is narrow: the plot makes room for it, the title keeps its own.
  function clearTitle(target, attempts = 4) {
    if (!target.isConnected) return Promise.resolve();
    const legend = target.querySelector('.infolayer > .legend');
    // Plotly lets the lines of a long title grow upwards, out of the picture.
    const heading = target.querySelector('.infolayer .gtitle');
    const lost = heading && heading.textContent ? Math.ceil(target.getBoundingClientRect().top + 6 - heading.getBoundingClientRect().top) : 0;
    if (lost > 0 && lost < 200 && attempts > 0) {
      const pad = target.layout.title.pad && target.layout.title.pad.t || 0;
      return window.Plotly.relayout(target, { 'title.pad.t': pad + lost }).then(() => clearTitle(target, attempts - 1));
    }
    const title = target.querySelector('.infolayer .gtitle-subtitle') || target.querySelector('.infolayer .gtitle');
    if (!legend || !title || target.layout.legend?.orientation !== 'h' || attempts === 0) return Promise.resolve();
    const overlap = Math.ceil(title.getBoundingClientRect().bottom + 4 - legend.getBoundingClientRect().top);
    if (overlap <= 0 || overlap > 400) return Promise.resolve();
    // Plotly has widened the margin for the legend by itself already, without a thought of the title.
    const top = target._fullLayout._size.t;
    return window.Plotly.relayout(target, { 'margin.t': top + overlap, height: target._fullLayout.height + overlap }).then(() => clearTitle(target, attempts - 1));
  }

  // What must change where the page is narrow: the layout brings its places for a narrow page along in meta.narrow, and a
  // diagram its least width in meta.minWidth, below which it is scrolled.
  function fit(target, layout, frames) {
    const meta = layout.meta || {};
    const width = target.clientWidth;
    const patch = {};
    if (meta.narrow && width > 0) {
      target.courseKitWide = target.courseKitWide || read(layout, meta.narrow);
      const narrow = width < narrowPage;
      if (narrow !== !!target.courseKitNarrow) {
        target.courseKitNarrow = narrow;
        Object.assign(patch, narrow ? meta.narrow : target.courseKitWide);
        moveFrames(frames, patch);
      }
    }
    if (width > 0) wrapTitles(target, layout, frames, width, patch);
    if (meta.minWidth && width > 0) {
      const scrolls = width < meta.minWidth;
      target.style.overflowX = scrolls ? 'auto' : '';
      target.style.overflowY = scrolls ? 'hidden' : '';
      if (scrolls) target.tabIndex = 0; else target.removeAttribute('tabindex');
      patch.width = scrolls ? meta.minWidth : width;
    }
    return patch;
  }

  // Beside a landscape on a narrow page there is no room for a colour bar, which says what the upright axis says.
  function fitColourBars(target, data) {
    const narrow = target.clientWidth < narrowPage;
    const changed = [];
    data.forEach((trace, i) => {
      if (trace.type !== 'surface') return;
      if (trace.courseKitScale === undefined) trace.courseKitScale = trace.showscale !== false;
      const shown = trace.courseKitScale && !narrow;
      if ((trace.showscale !== false) === shown) return;
      trace.showscale = shown;
      changed.push(i);
    });
    return changed;
  }

  // Plotly's sliders and buttons are pictures of controls: keys reach them, and a reader hears what they are, only so.
  function makeReachable(target) {
    const sliders = target._fullLayout.sliders || [];
    target.querySelectorAll('.slider-group').forEach((group, i) => {
      const slider = sliders[i];
      if (!slider) return;
      const label = (slider.currentvalue.prefix || 'picture').replace(/[\s:=]+$/, '');
      const attributes = {
        tabindex: 0, role: 'slider', 'aria-label': label, 'aria-valuemin': 0, 'aria-valuemax': slider.steps.length - 1,
        'aria-valuenow': slider.active, 'aria-valuetext': slider.steps[slider.active] ? slider.steps[slider.active].label : ''
      };
      for (const name in attributes) group.setAttribute(name, attributes[name]);
      if (group.courseKitReachable) return;
      group.courseKitReachable = true;
      group.addEventListener('keydown', event => {
        const now = target._fullLayout.sliders[i];
        const last = now.steps.length - 1;
        const page = Math.max(1, Math.round(last / 10));
        const to = {
          ArrowRight: now.active + 1, ArrowUp: now.active + 1, ArrowLeft: now.active - 1, ArrowDown: now.active - 1,
          PageUp: now.active + page, PageDown: now.active - page, Home: 0, End: last
        }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        const active = Math.min(last, Math.max(0, to));
        const step = now.steps[active];
        window.Plotly.relayout(target, { ['sliders[' + i + '].active']: active })
          .then(() => step.method !== 'skip' && window.Plotly[step.method](target, ...step.args));
      });
    });
    target.querySelectorAll('.updatemenu-button').forEach(button => {
      const text = button.textContent.trim();
      button.setAttribute('tabindex', 0);
      button.setAttribute('role', 'button');
      button.setAttribute('aria-label', { '▶': 'play', '❚❚': 'pause' }[text] || text);
      if (button.courseKitReachable) return;
      button.courseKitReachable = true;
      button.addEventListener('keydown', event => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        button.dispatchEvent(new MouseEvent('click', { bubbles: true }));
      });
    });
  }

  // Whoever moves by keys sees where they are.
  function showFocus() {
    if (document.getElementById('coursekit-focus')) return;
    const style = document.createElement('style');
    style.id = 'coursekit-focus';
    style.textContent = '.coursekit-figure:focus-visible, .coursekit-figure g:focus-visible { outline: 3px solid #56b4e9; outline-offset: 2px; }'
      + ' .coursekit-figure g:focus:not(:focus-visible) { outline: none; }';
    document.head.appendChild(style);
  }

  async function refit(target) {
    const patch = fit(target, target.layout, target._transitionData && target._transitionData._frames);
    const bars = fitColourBars(target, target.data);
    const steps = [
      // A width in the layout would hold the figure at what it was.
      () => Object.keys(patch).length > 0 && window.Plotly.relayout(target, patch),
      () => window.Plotly.Plots.resize(target),
      () => bars.length > 0 && window.Plotly.restyle(target, { showscale: bars.map(i => target.data[i].showscale) }, bars),
      () => clearTitle(target)
    ];
    for (const step of steps) if (target.isConnected) await step();
  }

  // A panel beside a notebook changes the width without the window's resize event; a hidden tab starts without a width.
  function watchWidth(target) {
    let width = target.clientWidth;
    new ResizeObserver(() => {
      if (target.clientWidth === width || target.clientWidth === 0) return;
      width = target.clientWidth;
      refit(target).catch(error => {
        // A figure that was replaced meanwhile is nobody's any more.
        if (target.isConnected) throw error;
      });
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
      if (target.clientWidth < narrowPage) figure.config.displayModeBar = false;
      const hasWidth = !!figure.layout.width;
      const fitted = hasWidth ? {} : fit(target, figure.layout, figure.frames);
      for (const path in fitted) set(figure.layout, path, fitted[path]);
      if (!hasWidth && target.clientWidth > 0) fitColourBars(target, figure.data);
      target.textContent = '';
      forgetReplaced();
      showFocus();
      return Plotly.newPlot(target, figure).then(() => {
        drawn.add(target);
        clearTitle(target).then(() => target.setAttribute('data-ready', ''));
        makeReachable(target);
        target.on('plotly_afterplot', () => makeReachable(target));
        watchTheme();
        if (!hasWidth) watchWidth(target);
      });
    }).catch(error => {
      target.textContent = 'This figure could not be drawn: ' + error.message
        + '. Figures need plotly.js, from the CourseKit kernel or from ' + cdn
        + '; connect to the network, or save a page with "coursekit book", which works offline.';
    });
  }

  return { draw: draw };
})();
