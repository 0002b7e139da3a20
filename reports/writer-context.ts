/** What a writer knows besides the report. */
export interface WriterContext {
  /** Absolute folder that the files go to; attachment paths are relative to it. */
  outputFolder: string;
  environment: NodeJS.ProcessEnv;
  /** Folder that the person is in (default: that of this process). */
  cwd?: string;
}
