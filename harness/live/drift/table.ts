/** How a drift is told to people. Pure. */
import type { Difference } from './compare.ts';
import type { Finding } from './questions.ts';

const clip = (text: string) => (text.length > 100 ? `${text.slice(0, 99)}…` : text);
const MARK: Record<Finding['verdict'], string> = { works: '✓', breaks: '✗', unknown: '?' };

function groupOf(title: string, differences: readonly Difference[]): string[] {
  if (differences.length === 0) return [];
  return [
    '',
    title,
    ...differences.flatMap(({ of, field, real, mock }) => [
      `  ${of}, ${field}`,
      `    real  ${clip(real) || '(nothing)'}`,
      `    mock  ${clip(mock) || '(nothing)'}`,
    ]),
  ];
}

export function driftTable(drift: {
  issuer: string;
  compared: number;
  differences: readonly Difference[];
  questions: readonly Finding[];
}): string {
  const { issuer, compared, differences, questions } = drift;
  const [matter, rest] = [
    differences.filter(({ matters }) => matters),
    differences.filter(({ matters }) => !matters),
  ];
  const broken = questions.filter(({ verdict }) => verdict === 'breaks').length;
  return [
    `${issuer} beside the mock: ${compared} answers compared, ${differences.length} differences, ${matter.length} of them matter`,
    ...groupOf('Differences on which apps build', matter),
    ...groupOf('Other differences', rest),
    '',
    'Does this app work on this tenant?',
    ...questions.flatMap(({ question, verdict, answer, remedy }) => [
      `  ${MARK[verdict]} ${question} ${answer}`,
      ...(remedy ? [`      do: ${remedy}`] : []),
    ]),
    '',
    matter.length + broken === 0
      ? 'Nothing that matters differs.'
      : `${matter.length + broken} findings matter: exit code 1.`,
  ].join('\n');
}
