// The pages work without this: it turns the one code field into six boxes, counts down to the next
// message, shows passwords, and keeps a form from being sent twice.
const LENGTH = 6;

function boxes(field) {
  const form = field.form;
  const row = document.createElement('div');
  row.className = 'boxes';
  const inputs = Array.from({ length: LENGTH }, (_, index) => {
    const input = document.createElement('input');
    Object.assign(input, {
      type: 'text',
      name: `passcode_${index}`,
      inputMode: 'numeric',
      autocomplete: index === 0 ? 'one-time-code' : 'off',
    });
    input.dataset.id = String(index);
    input.setAttribute('aria-label', `${field.dataset.label} ${index + 1}/${LENGTH}`);
    if (field.getAttribute('aria-invalid')) input.setAttribute('aria-invalid', 'true');
    if (field.getAttribute('aria-describedby'))
      input.setAttribute('aria-describedby', field.getAttribute('aria-describedby'));
    row.append(input);
    return input;
  });
  const put = (text, from) => {
    const digits = text
      .replace(/\D/g, '')
      .slice(0, LENGTH - from)
      .split('');
    digits.forEach((digit, offset) => {
      inputs[from + offset].value = digit;
    });
    if (digits.length === 0) inputs[from].value = '';
    else inputs[Math.min(from + digits.length, LENGTH - 1)].focus();
    field.value = inputs.map(({ value }) => value).join('');
    if (inputs.every(({ value }) => value)) form.requestSubmit(form.querySelector('[data-main]'));
  };
  inputs.forEach((input, index) => {
    input.addEventListener('focus', () => input.select());
    input.addEventListener('input', () => {
      // A digit typed into a full box replaces the one that was there.
      const text = input.value.replace(/\D/g, '');
      put(text.length === 2 ? text.slice(-1) : text, index);
    });
    input.addEventListener('paste', (event) => {
      event.preventDefault();
      put(event.clipboardData.getData('text'), index);
    });
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Backspace' && !input.value && index > 0) {
        event.preventDefault();
        inputs[index - 1].value = '';
        inputs[index - 1].focus();
      }
      if (event.key === 'ArrowLeft') inputs[index - 1]?.focus();
      if (event.key === 'ArrowRight') inputs[index + 1]?.focus();
    });
  });
  field.type = 'hidden';
  field.removeAttribute('id');
  field.required = false;
  field.after(row);
  inputs[0].id = 'code';
  inputs[0].focus();
}

function countdown(place) {
  const wait = place.querySelector('[data-wait]');
  const seconds = wait.querySelector('span');
  const ready = place.querySelector('[data-ready]');
  const until = Date.now() + Number(seconds.textContent) * 1000;
  const show = () => {
    const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    seconds.textContent = String(left);
    wait.hidden = left === 0;
    ready.hidden = left > 0;
    if (left > 0) setTimeout(show, 250);
  };
  show();
}

for (const field of document.querySelectorAll('input[data-boxes]')) boxes(field);
for (const place of document.querySelectorAll('[data-countdown]')) countdown(place);
for (const box of document.querySelectorAll('[data-show-password]')) {
  box.closest('label').hidden = false;
  box.addEventListener('change', () => {
    for (const input of box.form.querySelectorAll('input[autocomplete$="-password"]'))
      input.type = box.checked ? 'text' : 'password';
  });
}
for (const form of document.forms) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = 'yes';
  });
}
// A page that comes back from the browser's history may be sent again.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) for (const form of document.forms) delete form.dataset.sent;
});
