import { expect, it } from 'vitest';
import { homesOf } from './serve-mocks.ts';

it('whoever signs out comes back to the home page of their app', () => {
  expect(
    homesOf([
      'http://localhost:3000/api/auth/callback/logto',
      'http://localhost:3000/auth/callback/logto',
      'https://app.example/callback',
    ]),
  ).toEqual([
    'http://localhost:3000',
    'http://localhost:3000/',
    'https://app.example',
    'https://app.example/',
  ]);
  expect(homesOf(['com.example.app:/callback', 'no URI'])).toEqual([]);
});
