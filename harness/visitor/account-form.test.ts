import { describe, expect, it } from 'vitest';
import { accountFormIn } from './forms.ts';

const page = new URL('http://app.example/account');
const found = (html: string) => accountFormIn(html, page, '/auth') !== undefined;
const form = (action: string, label: string) =>
  `<form method="post" action="${action}"><input type="hidden" name="_csrf" value="a1"><button>${label}</button></form>`;

describe('a form deletes the account of its member', () => {
  it.each([
    ['/account/end', 'Delete my account'],
    ['/konto/weg', 'Konto löschen'],
    ['/compte', 'Supprimer mon compte'],
    ['/account/delete', 'Yes, do it'],
    ['/api/account', 'Delete (without script)'],
  ])('%s: %s', (action, label) => expect(found(form(action, label))).toBe(true));
  it.each([
    ['/notes/7/delete', 'Delete'],
    ['/account/avatar', 'Remove picture'],
    ['/account', 'Save'],
    ['/auth/account/delete', 'Delete my account'],
  ])('not %s: %s', (action, label) => expect(found(form(action, label))).toBe(false));
});

it.each([
  ['Type LEAVE to delete everything', 'LEAVE'],
  ['Please type “delete my account” to go on', 'delete my account'],
  ['Zum Bestätigen LÖSCHEN eingeben', 'LÖSCHEN'],
  ["You can't undo this, it's final: type GOODBYE", 'GOODBYE'],
  ['To delete your account, type cook-45f515', 'cook-45f515'],
  ['To delete your account, type <code>cook-45f515</code> below', 'cook-45f515'],
  ['type “<!-- -->cook-e7939c<!-- -->”', 'cook-e7939c'],
  ['Enter a reason, then type <b>delete my account</b> to confirm.', 'delete my account'],
  ['Geben Sie zur Bestätigung garten-17 ein', 'garten-17'],
  ['Tapez supprimer pour confirmer', 'supprimer'],
  ['Escribe su nombre: Ada Lovelace', 'Ada Lovelace'],
  ['Type your name to confirm', 'Ada Lovelace'],
  ['Enter your handle', 'cook-45f515'],
  ['Enter your e-mail address', 'ada@people.example'],
  ['Why do you leave?', 'x'],
])('what it wants to be typed: %s', (label, typed) => {
  const html = `<form method="post" action="/account/leave"><label>${label} <input name="confirm"></label><button>Delete my account</button></form>`;
  const own = { name: 'Ada Lovelace', email: 'ada@people.example' };
  const around = `<p>Ada Lovelace (@cook-45f515), ada@people.example</p>${html}`;
  expect(accountFormIn(around, page, '/auth', own)?.fields).toEqual({ confirm: typed });
});
