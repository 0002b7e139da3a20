import { expect, it } from 'vitest';
import { ownerWords } from './owner-words.ts';

it('names the fields that say whose a thing is', () => {
  const texts = [
    'appointments.book({ patient: person.id, treatment });',
    'await prisma.note.create({ data: { title, tenantOwner: session.user.id } });',
    'if (row.bookedBy !== session?.user?.id) notFound();',
    'const mine = rows.filter((row) => row.accountOwner === me.sub);',
  ];
  expect(ownerWords(texts).sort()).toEqual(['accountOwner', 'bookedBy', 'patient', 'tenantOwner']);
});

it('names no claim, and nothing that is another id', () => {
  const texts = [
    'return { id: user.id, sub: session.user.id, name: user.name };',
    'const task = { project: project.id, list: list.id };',
    'if (row.id === user.id) return;',
    'messages.filter((each) => each.to === me.id)',
    'await tasks.add({ assignee: user.id, customer: session.user.id });',
  ];
  expect(ownerWords(texts)).toEqual([]);
});
