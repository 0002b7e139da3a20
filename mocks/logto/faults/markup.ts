/** Markup that faults put where a text belongs; harmless where a page shows it as text. */

/** The name of the function that the markup calls; it stands nowhere else. */
export const FAULT_MARK = 'conformanceInjected';

/** An element with a handler, and a script: whoever writes it as it is makes both real. */
export const MARKUP = `<img src=${FAULT_MARK} onerror=${FAULT_MARK}()><script>${FAULT_MARK}()</script>`;
