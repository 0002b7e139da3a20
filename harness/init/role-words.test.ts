import { expect, it } from 'vitest';
import { roleWords } from './role-words.ts';

it('roles are what sources compare them with, and what types and schemas say', () => {
  expect(
    roleWords([
      "if (person.role !== 'staff') return; const is = profile.roles?.includes('clinic-staff');",
      "interface Person { name: string; role: 'patient' | 'staff'; colour: 'red' | 'blue' }",
      "const schema = z.object({ role: z.enum(['guest', 'host']), size: z.enum(['s', 'm']) });",
    ]),
  ).toEqual(['staff', 'clinic-staff', 'patient', 'guest', 'host']);
  expect(roleWords(["const aria = { role: 'button' };"])).toEqual([]);
});
