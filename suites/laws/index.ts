/** All laws, in the order in which reports tell them. */
import { answers } from './answers.ts';
import { people } from './people.ts';
import { requests } from './requests.ts';
import { secrets } from './secrets.ts';

export const laws = [...secrets, ...people, ...answers, ...requests];
