/** What all parts of the page are drawn with. */

/** An element with attributes and children; texts are never read as HTML. */
export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export const by = (id) => document.getElementById(id);

/** Tells a screen reader something, without moving anybody's focus. */
export function say(text) {
  by('said').textContent = '';
  // A new text node, so that the same words are read out again.
  requestAnimationFrame(() => {
    by('said').textContent = text;
  });
}

let hiding;
/** Says something for a moment, to eyes and ears. */
export function toast(text) {
  clearTimeout(hiding);
  by('toast').textContent = text;
  by('toast').hidden = false;
  hiding = setTimeout(() => {
    by('toast').hidden = true;
  }, 1800);
  say(text);
}

/**
 * Copies a text; where the browser forbids it, the text is selected for Ctrl+C.
 *
 * @param what its name, as in "Code copied"
 * @param source element that shows the text
 */
export async function copy(text, what, source) {
  try {
    await navigator.clipboard.writeText(text);
    toast(`${what} copied`);
    return true;
  } catch {
    const range = document.createRange();
    range.selectNodeContents(source);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    toast('Selected: press Ctrl+C');
    return false;
  }
}

const timeOf = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const dayOf = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });
const longDay = new Intl.DateTimeFormat(undefined, { weekday: 'long', month: 'long', day: 'numeric' });
const exact = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const isToday = (date) => date.toDateString() === new Date().toDateString();

export const exactTime = (iso) => exact.format(new Date(iso));
/** The time of today's messages, the day of older ones. */
export const shortTime = (iso) => {
  const date = new Date(iso);
  return (isToday(date) ? timeOf : dayOf).format(date);
};
export const dayName = (iso) => {
  const date = new Date(iso);
  return isToday(date) ? 'Today' : longDay.format(date);
};

const countries = new Intl.DisplayNames(undefined, { type: 'region' });
export const countryName = (code) => (code ? countries.of(code) : null);
