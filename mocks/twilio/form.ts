/** Form bodies: read, and kept as they were sent. */
import { parse } from 'node:querystring';
import type { Form } from './message.ts';

/** Raw text of each form that is still in use. */
const texts = new WeakMap<object, string>();
const PARAMETERS_MAX = 1000;

/** Reads an `application/x-www-form-urlencoded` body; parameters after the thousandth are ignored. */
export function readForm(text: string): Form {
  const form = parse(text, '&', '=', { maxKeys: PARAMETERS_MAX }) as Form;
  texts.set(form, text);
  return form;
}

/** The text that a form was read from. */
export const textOf = (form: object): string => texts.get(form) ?? '';
