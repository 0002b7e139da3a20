/** What each reader of JUnit XML takes, and which one is reading. */

export type JUnitDialect = 'common' | 'jenkins' | 'gitlab' | 'github' | 'azure' | 'ant' | 'maven';

export interface Rules {
  /** `file` and `line` on each testcase; GitLab and the GitHub actions link them, strict schemas refuse them. */
  place: boolean;
  /** What `[[ATTACHMENT|path]]` is relative to; none leaves attachments out. */
  attachments: 'absolute' | 'project' | 'none';
  /** Output per testcase; Ant has it per suite only. */
  testcaseOutput: boolean;
  /** Properties inside a testcase (Xray, Testmo, some GitHub actions). */
  testcaseProperties: boolean;
  /** Attributes of a suite beyond counts and time, and whether the suites have a root element. */
  suite: 'full' | 'ant' | 'maven';
}

/**
 * Sources: xunit-plugin junit-10.xsd · windyroad/JUnit-Schema JUnit.xsd (Ant) · surefire-test-report.xsd (Maven) ·
 * GitLab, "Unit test reports" (classname is the suite, file is linked, attachment paths are relative to the project) ·
 * Jenkins JUnit Attachments plugin and Azure PublishTestResults@2 (absolute attachment paths).
 */
export const DIALECTS: Record<JUnitDialect, Rules> = {
  common: {
    place: false,
    attachments: 'project',
    testcaseOutput: true,
    testcaseProperties: false,
    suite: 'full',
  },
  jenkins: {
    place: false,
    attachments: 'absolute',
    testcaseOutput: true,
    testcaseProperties: false,
    suite: 'full',
  },
  gitlab: {
    place: true,
    attachments: 'project',
    testcaseOutput: true,
    testcaseProperties: false,
    suite: 'full',
  },
  github: {
    place: true,
    attachments: 'project',
    testcaseOutput: true,
    testcaseProperties: true,
    suite: 'full',
  },
  azure: {
    place: true,
    attachments: 'absolute',
    testcaseOutput: true,
    testcaseProperties: true,
    suite: 'full',
  },
  ant: { place: false, attachments: 'none', testcaseOutput: false, testcaseProperties: false, suite: 'ant' },
  maven: {
    place: false,
    attachments: 'none',
    testcaseOutput: true,
    testcaseProperties: false,
    suite: 'maven',
  },
};
export const JUNIT_DIALECTS = Object.keys(DIALECTS) as JUnitDialect[];

/** The dialect of the CI system that is running; `common`, valid for the strictest readers, elsewhere. */
export function dialectOf(environment: NodeJS.ProcessEnv): JUnitDialect {
  if (environment.GITLAB_CI) return 'gitlab';
  if (environment.GITHUB_ACTIONS) return 'github';
  if (environment.TF_BUILD) return 'azure';
  if (environment.JENKINS_URL) return 'jenkins';
  return 'common';
}
