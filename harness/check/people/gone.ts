/** What becomes of a session when the account at Logto is suspended or deleted. */
import { demand } from '../../errors.ts';
import { demandSession } from '../../visitor/arrival.ts';
import { lifetimeTold } from '../../visitor/later.ts';
import { type Doors, demandShutTo, doorsShownTo } from '../doors/closed-again.ts';
import { newcomer, type PeopleBody } from './keeps-apart.ts';

/** The body of `people/gone-at-logto`. */
export async function outlivesItsAccount({
  visitor,
  somebody,
  step,
  lab,
  control,
}: PeopleBody): Promise<void> {
  const needs = { visitor, somebody, lab };
  const kept: { doors: Doors; held: { key: string; value: string }[] }[] = [];
  const begin = async () => {
    const browser = await visitor(await somebody(newcomer('Ada')));
    demandSession(await browser.signIn());
    const doors = await doorsShownTo(browser, needs);
    kept.push({ doors, held: await browser.agent.cookies(lab.app.origin) });
    return browser;
  };
  const [suspended, deleted] = await step(
    'control',
    async () => [await begin(), await begin()] as const,
    () => 'Two people are signed in.',
  );
  await step(
    'fault',
    async () => {
      const lives = await lifetimeTold(deleted, lab);
      await control.changePerson(suspended.person.phone, { suspended: true });
      await control.removePerson(deleted.person.phone);
      const here = [
        ...((await suspended.session()) ? ['suspended'] : []),
        ...((await deleted.session()) ? ['deleted'] : []),
      ];
      demand(
        here.length === 0,
        `Still knows a person whose account was ${here.join(', and one whose account was ')} at Logto; sessions live for up to ${lives}.`,
      );
      for (const { doors, held } of kept)
        await demandShutTo(held, needs, doors, 'the account was gone at Logto');
    },
    () => 'Ended both sessions.',
  );
}
