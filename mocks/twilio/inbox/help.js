/** The help: keys, and the numbers that cause each error. */
import { by, copy, element } from './element.js';

let rows;

function rowOf({ number, code, http, status, reason, magic }) {
  const outcome = http ? `HTTP ${http}` : status;
  const button = element(
    'button',
    { type: 'button', class: 'number', 'aria-label': `${number}, copy` },
    number,
  );
  button.addEventListener('click', () => copy(number, 'Number', button));
  return element(
    'li',
    {},
    button,
    element('span', { class: 'error-code' }, String(code)),
    element('span', { class: 'outcome' }, outcome),
    element('span', { class: 'reason' }, reason, magic ? element('span', { class: 'magic' }, magic) : null),
  );
}

function draw() {
  // Who types faster than the list arrives sees the list, filtered, as soon as it is there.
  if (!rows) return;
  const words = by('errors-search').value.trim().toLowerCase();
  const shown = rows.filter((row) =>
    `${row.number} ${row.code} ${row.reason} ${row.status ?? ''} ${row.magic ?? ''}`
      .toLowerCase()
      .includes(words),
  );
  by('errors').replaceChildren(...shown.map(rowOf));
  by('errors-none').hidden = shown.length > 0;
}

export async function openHelp() {
  const dialog = by('help');
  if (dialog.open) return;
  dialog.showModal();
  by('help-body').scrollTop = 0;
  rows ??= await (await fetch('/inbox/api/errors')).json();
  draw();
}

/** Wires the buttons; the dialog closes by Escape of itself. */
export function mountHelp() {
  const dialog = by('help');
  // A region that scrolls must be reachable by keyboard.
  by('help-body').tabIndex = 0;
  by('help-button').addEventListener('click', openHelp);
  by('help-link').addEventListener('click', openHelp);
  by('help-close').addEventListener('click', () => dialog.close());
  by('errors-search').addEventListener('input', draw);
  // A click beside the dialog hits its backdrop, which is the dialog itself.
  dialog.addEventListener('click', ({ target }) => target === dialog && dialog.close());
}
