'use strict';
// Filters the ledger, and shows the findings a page at a time. Without it the ledger stands whole, and the findings are
// in findings.csv.
(() => {
  const ON_SCREEN = 100;
  // As many as a person reads on paper; the rest is in findings.csv, as the count says.
  const ON_PAPER = 2000;
  let size = ON_SCREEN;
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId('data').textContent);

  const ledger = [...document.querySelectorAll('#ledger tbody tr')];
  const ledgerForm = byId('ledger-filter');
  const showLedger = () => {
    const { status, environment, search } = Object.fromEntries(new FormData(ledgerForm));
    const words = search.trim().toLowerCase();
    let shown = 0;
    for (const row of ledger) {
      const statuses = JSON.parse(row.dataset.statuses);
      const held = environment === '' ? Object.values(statuses) : [statuses[environment]];
      const right = (status === '' || held.includes(status)) && row.textContent.toLowerCase().includes(words);
      row.hidden = !right;
      shown += right ? 1 : 0;
    }
    byId('ledger-count').textContent = `${shown} of ${ledger.length} items`;
  };

  // Each text stands once, and each finding is a row of numbers of texts.
  const { texts, cells } = data;
  const COLUMNS = 6;
  const count = cells.length / COLUMNS;
  const text = (at, column) => texts[cells[at + column]];
  const form = byId('findings-filter');
  let order = { column: -1, down: false };
  let page = 0;
  const chosen = () => {
    const { state, environment, rule, search } = Object.fromEntries(new FormData(form));
    const words = search.trim().toLowerCase();
    const asked = [state, rule, environment].map((text) => (text === '' ? undefined : texts.indexOf(text)));
    const holds = words === '' ? undefined : texts.map((text) => text.toLowerCase().includes(words));
    const rows = [];
    for (let at = 0; at < cells.length; at += COLUMNS) {
      if (asked.some((number, column) => number !== undefined && cells[at + column] !== number)) continue;
      if (holds === undefined || cells.slice(at, at + COLUMNS).some((number) => holds[number])) rows.push(at);
    }
    const { column, down } = order;
    if (column >= 0)
      rows.sort(
        (a, b) =>
          (text(a, column) < text(b, column) ? -1 : text(a, column) > text(b, column) ? 1 : 0) *
          (down ? -1 : 1),
      );
    return rows;
  };
  const showFindings = () => {
    const rows = chosen();
    const last = Math.max(0, Math.ceil(rows.length / size) - 1);
    page = Math.min(page, last);
    const body = document.createElement('tbody');
    for (const at of rows.slice(page * size, (page + 1) * size)) {
      const row = body.insertRow();
      for (let column = 0; column < COLUMNS; column += 1) row.insertCell().textContent = text(at, column);
      row.cells[0].className = text(at, 0);
    }
    document.querySelector('#findings tbody').replaceWith(body);
    byId('findings-count').textContent =
      `${rows.length} of ${count} findings, page ${page + 1} of ${last + 1}` +
      (size === ON_PAPER && last > 0 ? '; all of them are in findings.csv' : '');
    byId('before').disabled = page === 0;
    byId('after').disabled = page === last;
    for (const head of document.querySelectorAll('#findings thead th'))
      head.setAttribute(
        'aria-sort',
        head.cellIndex === order.column ? (order.down ? 'descending' : 'ascending') : 'none',
      );
  };
  const turn = (by) => {
    page += by;
    showFindings();
  };

  // A link such as #findings?rule=HIPAA.Security-S3BucketVersioningEnabled filters; a filter makes such a link.
  const follow = () => {
    const [place, query] = location.hash.slice(1).split('?');
    const target = place === 'findings' ? form : place === 'ledger' ? ledgerForm : undefined;
    if (target !== undefined && query !== undefined) {
      const asked = new URLSearchParams(query);
      for (const field of target.elements) if (field.name) field.value = asked.get(field.name) ?? '';
      byId(place).scrollIntoView();
    }
    const opened = byId(place);
    if (opened instanceof HTMLDetailsElement) opened.open = true;
    page = 0;
    showLedger();
    showFindings();
  };
  const note = (place, of) => {
    const filled = [...new FormData(of)].filter(([, value]) => value !== '');
    const query = new URLSearchParams(filled).toString();
    history.replaceState(null, '', query === '' ? `#${place}` : `#${place}?${query}`);
  };

  ledgerForm.addEventListener('input', () => {
    note('ledger', ledgerForm);
    showLedger();
  });
  form.addEventListener('input', () => {
    page = 0;
    note('findings', form);
    showFindings();
  });
  for (const one of [form, ledgerForm]) one.addEventListener('submit', (event) => event.preventDefault());
  for (const button of document.querySelectorAll('#findings thead button'))
    button.addEventListener('click', () => {
      const column = button.closest('th').cellIndex;
      order = { column, down: order.column === column && !order.down };
      showFindings();
    });
  byId('before').addEventListener('click', () => turn(-1));
  byId('after').addEventListener('click', () => turn(1));
  addEventListener('hashchange', follow);
  let before;
  addEventListener('beforeprint', () => {
    before = page;
    [size, page] = [ON_PAPER, 0];
    showFindings();
    for (const one of document.querySelectorAll('details')) one.open = true;
  });
  addEventListener('afterprint', () => {
    [size, page] = [ON_SCREEN, before];
    showFindings();
  });
  follow();
})();
