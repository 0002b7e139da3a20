/** What was found out about a running lab, in sentences. */
import type { LabDescription } from './lab-description.ts';

export function discoverySummary(lab: LabDescription): string[] {
  const { app } = lab;
  return [
    `the mocks are up: issuer ${lab.issuer}, carrier ${lab.carrierOrigin}`,
    `the app answers at ${app.origin}`,
    `Auth.js ${app.family} answers at ${app.basePath}, with provider "${app.provider}" among ${app.providers.map((id) => `"${id}"`).join(', ')}`,
    `its callback URL ${app.callbackUrl} is on the origin it is called by, and registered at the issuer`,
    `the connector ${lab.connector.name} is loaded`,
    ...(lab.signInExperience
      ? [`the sign-in experience is ${lab.signInExperience.name}: ${lab.signInExperience.title}`]
      : []),
    lab.browser.missing
      ? `no browser (${lab.browser.missing}); checks that need one will not be applicable`
      : `the browser is ${lab.browser.executablePath}${lab.browser.args.includes('--no-sandbox') ? ', without its sandbox, because root starts it' : ''}`,
    ...Object.entries(lab.reroutes).map(([from, to]) => `${from} is re-routed to ${to}`),
  ];
}
