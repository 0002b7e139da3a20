/** What is known of one message, fetched when somebody opens it: status line, price, request and answer. */
import { element, exactTime } from './element.js';

export const statusMark = (status) => element('span', { class: 'status', 'data-status': status }, status);

const timelineOf = (timeline) =>
  element(
    'ol',
    { class: 'timeline', 'aria-label': 'Status over time' },
    ...timeline.map(({ status, at }) =>
      element(
        'li',
        { 'data-status': status },
        element('b', {}, status),
        element('time', { datetime: at }, exactTime(at)),
      ),
    ),
  );

const block = (title, text) =>
  element('section', {}, element('h3', {}, title), element('pre', { tabindex: '0' }, text));

const answerText = ({ body }) => (typeof body === 'string' ? body : JSON.stringify(body, null, 2));

/** Fills the part under "Details"; again whenever the status changed. */
export async function fillDetails(details, sid) {
  const place = details.querySelector('.inside');
  const response = await fetch(`/inbox/api/messages/${encodeURIComponent(sid)}`);
  if (!response.ok) return place.replaceChildren('This message is gone.');
  const { timeline, request, answer, priceClass, price, errorCode, from, resource } = await response.json();
  const facts = [
    from ? `From ${from}` : null,
    priceClass ? `Price class ${priceClass}` : null,
    price ? `USD ${price.replace('-', '')}` : null,
    errorCode ? `error ${errorCode}` : null,
    resource ? sid : null,
  ];
  place.replaceChildren(
    timelineOf(timeline),
    element('p', { class: 'facts' }, facts.filter(Boolean).join(' · ')),
  );
  if (!request) return;
  const lines = Object.entries(request.form).flatMap(([name, value]) =>
    [value].flat().map((one) => `${name}=${one}`),
  );
  place.append(block('Request', `${request.method} ${request.url}\n\n${lines.join('\n')}`));
  place.append(
    answer
      ? block(`Answer ${answer.status}`, answerText(answer))
      : element('p', { class: 'facts' }, 'The request got no answer.'),
  );
}

/** The closed part under a message. */
export function detailsOf(sid) {
  const details = element(
    'details',
    {},
    element('summary', {}, 'Details'),
    element('div', { class: 'inside' }, 'Loading…'),
  );
  details.addEventListener('toggle', () => details.open && fillDetails(details, sid));
  return details;
}
