/** Requests of the sign-in that no browser of a person sends: they are answered, and do nothing. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { check } from '../harness/check/check.ts';
import { postableActions } from '../harness/check/doors/harvest.ts';
import { demand } from '../harness/errors.ts';
import type { Answer } from '../harness/user-agents/http.ts';
import { encodeForm } from '../harness/visitor/encode-form.ts';
import type { Form } from '../harness/visitor/forms.ts';
import type { Visitor } from '../harness/visitor/visitor.ts';

check({
  id: 'redirect/callback-url-no-url',
  title: 'answers requests whose callbackUrl is no URL',
  clauses: ['asvs 16.5.3', 'owasp error handling'],
  level: 'must',
  severity: 'moderate',
  signIn: 'none',
  appMust: 'Refuse it, or go on without it.',
  otherwise: 'Each such request is left open, and a few of them keep others out.',
  fix: 'Update {library}: next-auth before 4.5.0 never answered (GHSA-g5fm-jp9v-2432).',
})(async ({ visitor }) => {
  const guest = await visitor();
  for (const path of ['/signin', '/session', '/providers']) {
    const { status } = await guest.agent.hop(`${guest.at(path)}?callbackUrl=nowhere`);
    demand(status > 0, `Left ${path} without an answer.`);
  }
});

interface Action {
  page: string;
  id: string;
  /** The form that posts it, with all that it is bound to. */
  form?: Form;
}

/** Server actions that a stranger finds on the pages where people sign in, with the page. */
async function actionsOf(guest: Visitor, pages: readonly string[]): Promise<Action[]> {
  const found: Action[] = [];
  for (const page of new Set(pages)) {
    const { text, url } = await guest.get(page);
    for (const action of postableActions(text, url)) found.push({ page, ...action });
  }
  return found;
}

const NO_ACTIONS = 'the pages where people sign in name no server action of Next.js';
const pathsOf = ({ home, signIn }: { home: string; signIn?: string }) =>
  [home, signIn].filter((path): path is string => Boolean(path?.startsWith('/')));

/** A form without JavaScript, as a page of some origin posts it. */
function postedFrom(guest: Visitor, { page, id, form }: Action, origin: string): Promise<Answer> {
  const { type, body } = encodeForm(form ?? { fields: { [`$ACTION_ID_${id}`]: '' }, multipart: true });
  return guest.get(page, { method: 'POST', body, headers: { 'content-type': type, origin } });
}

check({
  id: 'redirect/action-of-no-origin',
  title: 'runs no server action for a page without an origin',
  clauses: ['asvs 3.5.1', 'owasp csrf'],
  level: 'must',
  severity: 'serious',
  signIn: 'none',
  appMust: 'Take Origin: null for a foreign origin.',
  otherwise: 'A sandboxed frame on any site acts for the person, and signs them in or out.',
  fix: 'Update Next.js to 16.1.7 or newer (GHSA-mq59-m269-xvcx).',
  // Next.js refuses a foreign origin by throwing, which is answered with 500 (packages/next/src/server/app-render/action-handler.ts).
  provokes: true,
})(async ({ visitor, lab, notApplicable, step }) => {
  const guest = await visitor();
  const actions = await actionsOf(guest, pathsOf(lab.config.pages));
  if (actions.length === 0) notApplicable(NO_ACTIONS);
  const refuses: typeof actions = [];
  for (const action of actions) {
    const { own, foreign } = await step('control', async () => ({
      own: (await postedFrom(guest, action, lab.app.origin)).status,
      foreign: (await postedFrom(guest, action, 'https://evil.example')).status,
    }));
    // Where a foreign origin is answered like the own one, no answer tells what was run.
    if (own < 400 && foreign >= 400) refuses.push(action);
  }
  if (refuses.length === 0) notApplicable('no server action is answered differently to a foreign origin');
  await step('fault', async () => {
    for (const action of refuses) {
      const { status } = await postedFrom(guest, action, 'null');
      demand(status >= 400, `Ran a server action of ${action.page} with Origin: null (${status}).`);
    }
  });
});

/** A server of somebody else on this machine, and what was asked of it. */
async function elsewhere(): Promise<{ host: string; asked: string[]; close(): void }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end('from elsewhere');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () => server.close(),
  };
}

check({
  id: 'redirect/action-of-another-host',
  title: 'asks no other server that the Host header of a server action names',
  clauses: ['asvs 13.2.4', 'asvs 8.3.1'],
  level: 'must',
  severity: 'serious',
  signIn: 'none',
  appMust: 'Never take the address of its own server from the Host header.',
  otherwise: 'Whoever sends the header chooses what the server asks, and reads the answer.',
  fix: 'Update Next.js to 14.1.1 or newer (GHSA-fr5h-rqp8-mj6g), and 15.5.17 or newer (GHSA-89xv-2m56-2m9x).',
  provokes: true,
})(async ({ visitor, lab, notApplicable }) => {
  const guest = await visitor();
  const actions = await actionsOf(guest, pathsOf(lab.config.pages));
  if (actions.length === 0) notApplicable(NO_ACTIONS);
  const other = await elsewhere();
  try {
    for (const { page, id } of actions)
      await guest.get(page, {
        method: 'POST',
        body: '[]',
        headers: {
          'content-type': 'text/plain;charset=UTF-8',
          'next-action': id,
          host: other.host,
          origin: `http://${other.host}`,
        },
      });
    demand(other.asked.length === 0, `Asked another server that the Host header named: ${other.asked[0]}.`);
  } finally {
    other.close();
  }
});
