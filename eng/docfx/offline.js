// Opened from the disk, a browser runs no modules and fetches no files, which docfx's own menu and search box need. This script is neither:
// it fills both from offline-data.js. Over http it does nothing.
(function () {
  if (location.protocol !== 'file:') return;
  const root = document.querySelector('meta[name="docfx:rel"]')?.content ?? '';
  const { toc, api, index } = window.nextitemPages;
  const make = (name, text, parent) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    parent.append(element);
    return element;
  };
  const link = (text, href, parent) => {
    const a = make('a', text, parent);
    a.href = root + href;
    a.style.cssText = 'display:block;padding:.1rem .5rem';
    return a;
  };

  document.getElementById('navpanel')?.classList.add('show');
  const bar = document.getElementById('navbar');
  if (bar) {
    bar.style.cssText = 'display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:baseline';
    for (const part of toc.items) {
      const items = part.items ?? (part.name === 'API' ? api.items.map(space => ({ name: space.name, href: 'api/' + space.href })) : null);
      if (!items) { link(part.name, part.href, bar); continue; }
      const menu = make('details', '', bar);
      menu.name = 'menu';
      menu.style.position = 'relative';
      make('summary', part.name, menu);
      const box = make('div', '', menu);
      box.style.cssText = 'position:absolute;z-index:1000;min-width:16rem;max-height:80vh;overflow:auto;padding:.5rem;background:var(--bs-body-bg,#fff);border:1px solid #8888';
      for (const item of items) link(item.name, item.href, box);
    }
  }

  const query = document.getElementById('search-query');
  const main = document.querySelector('main');
  if (!query || !main) return;
  query.disabled = false;
  const found = document.createElement('div');
  found.id = 'offline-results';
  found.className = 'container-xxl';
  main.before(found);
  const pages = Object.values(index).map(page => ({ ...page, low: page.title.toLowerCase(), text: (page.summary + ' ' + (page.keywords ?? '')).toLowerCase() }));
  query.addEventListener('input', () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    found.replaceChildren();
    main.style.display = words.length ? 'none' : '';
    if (!words.length) return;
    const points = page => words.reduce((sum, word) => page.low.includes(word) ? sum + 20 : page.text.includes(word) ? sum + Math.min(10, page.text.split(word).length - 1) : -Infinity, 0);
    const hits = pages.map(page => ({ page, points: points(page) })).filter(hit => hit.points > 0).sort((a, b) => b.points - a.points).slice(0, 40);
    make('p', hits.length ? hits.length + ' pages' : 'No page has all of these words.', found);
    for (const { page } of hits) {
      link(page.title, page.href, found).style.fontWeight = 'bold';
      const at = Math.max(0, page.summary.toLowerCase().indexOf(words[0]) - 80);
      make('p', (at ? '... ' : '') + page.summary.slice(at, at + 240) + ' ...', found).style.padding = '0 .5rem';
    }
  });
})();
