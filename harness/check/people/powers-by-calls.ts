/** Procedures whose input says what somebody may do, called by a member for themselves. */
import type { LabDescription } from '../../lab/lab-description.ts';
import type { Posted, Procedure, ProcedureInput } from '../../lab/procedure.ts';
import { LEFT_ALONE } from '../../visitor/forms.ts';
import type { Visitor } from '../../visitor/visitor.ts';
import { inputOf, mutationAsk, namesThing } from '../doors/calls.ts';
import type { Ask } from '../doors/door.ts';
import { newWord } from '../doors/new-word.ts';
import { send } from '../doors/send.ts';
import { idsOf } from '../doors/things-made.ts';

const POWER =
  /^(?:roles?|is_?admin|admin|is_?staff|is_?super_?user|permissions?|access_?level|scopes?|privileges?)$/i;
const HIGH = /admin|owner|super|staff|root|moderator/i;
const REACHES_OUT = /invit|send|mail|sms|message|pay|charge|checkout|purchase/i;
const CALLS_MAX = 8;

/** What a member of an input may be to give power. */
function powersIn({ type, values = [] }: ProcedureInput): unknown[] {
  if (type === 'flag') return [true];
  if (type === 'list') return [['admin']];
  if (type === 'choice') return values.filter((value) => HIGH.test(value));
  return type === 'text' ? ['admin', 'ADMIN'] : [];
}

/** The calls by which a member asks for more power; ids are their own. */
export function callsForPower(
  procedures: readonly Procedure[],
  own: readonly string[],
): { name: string; posted?: Posted; input: unknown }[] {
  const [id] = own;
  return procedures.flatMap((procedure) => {
    const { name, kind, isUnread, inputs = [] } = procedure;
    const power = inputs.find((input) => POWER.test(input.name));
    if (kind !== 'mutation' || isUnread || !power || LEFT_ALONE.test(name) || REACHES_OUT.test(name))
      return [];
    const named = Object.fromEntries(
      inputs
        .filter((input) => input !== power && namesThing(input) && !input.isOptional)
        .map((input) => [input.name, input.type === 'list' ? [id] : id] as const),
    );
    return powersIn(power).flatMap((value) => {
      const input = inputOf(procedure, { ...named, [power.name]: value }, newWord());
      return input === undefined
        ? []
        : [{ name, ...(procedure.posted && { posted: procedure.posted }), input }];
    });
  });
}

/** Has a member ask for more power by each procedure that takes it. */
export async function askForPower(
  member: Visitor,
  { app, routes }: LabDescription,
  headers: Record<string, string>,
): Promise<void> {
  const { calls } = routes ?? {};
  if (!calls) return;
  for (const { input, ...procedure } of callsForPower(calls.procedures, await idsOf(member)).slice(
    0,
    CALLS_MAX,
  )) {
    const ask: Ask = mutationAsk(calls, procedure, input);
    await send(member, app.origin, { ...ask, headers });
  }
}
