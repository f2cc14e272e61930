// Full-text search over window.courseSearchIndex: [chapter, section, address, text] for each section of the book.
(function () {
  const longestList = 60;
  const plain = text => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const sections = (window.courseSearchIndex || []).map(([chapter, title, address, text]) => (
    { chapter, title, address, text, words: plain(text), heading: plain(title + ' ' + chapter) }));

  // Every word must begin a word of the section; headings count more, more hits count more, and
  // most of all the words side by side.
  function find(query) {
    const words = plain(query).match(/[\p{L}\p{N}_]+/gu) || [];
    if (words.length === 0) return { starts: [], found: [] };
    const starts = words.map(word => new RegExp('(?<![\\p{L}\\p{N}_])' + word, 'gu'));
    const phrase = plain(query).trim();
    const count = (text, start) => (text.match(start) || []).length;
    const found = [];
    for (const section of sections) {
      let score = 0;
      for (const start of starts) {
        const inHeading = count(section.heading, start), inText = count(section.words, start);
        if (inHeading + inText === 0) { score = 0; break; }
        score += 10 * inHeading + Math.min(inText, 8);
      }
      if (score > 0 && section.words.includes(phrase)) score += 20;
      if (score > 0) found.push({ section, score });
    }
    return { starts, found: found.sort((a, b) => b.score - a.score) };
  }

  // The text around the first hit, the hits marked. Without accents a text may be shorter: then it is shown unmarked.
  function excerpt(section, starts) {
    const { text, words } = section;
    const place = document.createElement('p');
    if (text.length !== words.length) { place.textContent = text.slice(0, 200); return place; }
    const hits = starts.flatMap(start => [...words.matchAll(start)].map(hit => [hit.index, hit.index + hit[0].length])).sort((a, b) => a[0] - b[0]);
    const first = hits.length ? hits[0][0] : 0;
    const from = first < 90 ? 0 : Math.max(0, text.lastIndexOf(' ', first - 80) + 1);
    const to = Math.min(text.length, from + 220);
    let at = from;
    if (from > 0) place.append('… ');
    for (const [start, end] of hits) {
      if (start < at || end > to) continue;
      const mark = document.createElement('mark');
      mark.textContent = text.slice(start, end);
      place.append(text.slice(at, start), mark);
      at = end;
    }
    place.append(text.slice(at, to) + (to < text.length ? ' …' : ''));
    return place;
  }

  document.addEventListener('DOMContentLoaded', () => {
    const field = document.getElementById('search-words');
    const status = document.getElementById('search-status');
    const list = document.getElementById('search-results');
    field.value = new URLSearchParams(location.search).get('q') || '';

    function show() {
      const { starts, found } = find(field.value);
      list.replaceChildren(...found.slice(0, longestList).map(({ section }) => {
        const item = document.createElement('li');
        const link = document.createElement('a');
        const chapter = document.createElement('p');
        link.href = section.address;
        link.textContent = section.title || section.chapter;
        chapter.className = 'status';
        chapter.textContent = section.chapter;
        item.append(link, ...(section.title === section.chapter ? [] : [chapter]), excerpt(section, starts));
        return item;
      }));
      status.textContent = field.value.trim() === '' ? 'Type a word into the field above.'
        : found.length === 0 ? 'Nothing found. Each word must be the beginning of a word in the course.'
          : found.length + (found.length === 1 ? ' section' : ' sections') + (found.length > longestList ? ', the first ' + longestList + ' of them:' : ':');
    }

    field.addEventListener('input', show);
    field.form.addEventListener('submit', event => {
      event.preventDefault();
      try { history.replaceState(null, '', '?q=' + encodeURIComponent(field.value)); } catch { /* the address stays */ }
      show();
      const first = list.querySelector('a');
      if (first) first.focus();
    });
    show();
    if (!field.value) field.focus();
  });
})();
