import { describe, expect, it } from 'vitest';
import type { Issued } from '../../../mocks/issued.ts';
import { addToIndex, type IssuedIndex } from '../issued-in.ts';
import { listsAmongOthers } from './lists-people.ts';

const indexOf = (...issued: [kind: Issued['kind'], value: string, owner: string][]): IssuedIndex => {
  const index: IssuedIndex = new Map();
  addToIndex(
    index,
    issued.map(([kind, value, owner]) => ({ kind, value, owner, scope: null })),
  );
  return index;
};
const ADA = indexOf(
  ['name', 'Adarowan', '1'],
  ['user id', 'k3v9x2m4p7qa', '1'],
  ['email address', 'ada@orchard.example', '1'],
);
const OTHERS = indexOf(
  ['name', 'Bobrowan', '2'],
  ['email address', 'bob@orchard.example', '2'],
  ['name', 'Cyrowan', '3'],
  ['name', 'Adarowan', '1'],
);

describe('a list that newcomers do not reach', () => {
  it.each([
    ['names three', 'Adarowan, Bobrowan, Cyrowan', true],
    ['may be somebody and whom they were taken for', 'Adarowan, Bobrowan', false],
    ['names three, with an id', 'Adarowan (k3v9x2m4p7qa), Bobrowan, Cyrowan', true],
    ['has an id and no name', 'k3v9x2m4p7qa, Bobrowan, Cyrowan', false],
    ['tells more of the person', 'Adarowan (ada@orchard.example), Bobrowan, Cyrowan', false],
    [
      'tells more of one of the others, who is not counted',
      'Adarowan, Bobrowan bob@orchard.example, Cyrowan',
      false,
    ],
    ['names others alone', 'Bobrowan, Cyrowan', false],
  ])('%s', (_, text, expected) => {
    expect(listsAmongOthers(text, ADA, OTHERS)).toBe(expected);
  });
});
