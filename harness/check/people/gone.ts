/** What becomes of a session when the account at Logto is suspended or deleted. */
import { demand } from '../../errors.ts';
import { demandSession } from '../../visitor/arrival.ts';
import { newcomer, type PeopleBody } from './keeps-apart.ts';

/** The body of `people/gone-at-logto`. */
export async function outlivesItsAccount({
  visitor,
  somebody,
  step,
  lab,
  control,
}: PeopleBody): Promise<void> {
  const begin = async () => {
    const browser = await visitor(await somebody(newcomer('Ada')));
    demandSession(await browser.signIn());
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
      await control.changePerson(suspended.person.phone, { suspended: true });
      await control.removePerson(deleted.person.phone);
      const here = [
        ...((await suspended.session()) ? ['suspended'] : []),
        ...((await deleted.session()) ? ['deleted'] : []),
      ];
      const days = Math.round((lab.config.session.maxAge ?? 2_592_000) / 8640) / 10;
      demand(
        here.length === 0,
        `Still knows a person whose account was ${here.join(', and one whose account was ')} at Logto; sessions live for up to ${days} days.`,
      );
    },
    () => 'Ended both sessions.',
  );
}
