/** What a resource of Verify is asked, and how it is found. */
import type { HttpAnswer } from '../../fault.ts';
import type { FaultName } from '../../faults.ts';
import type { TwilioAccount } from '../accounts.ts';
import type { Form } from '../message.ts';

export interface VerifyCall {
  account: TwilioAccount;
  form: Form;
  query: Record<string, string | undefined>;
  path: string;
  scope: string | undefined;
  /** Delivery faults of the message that the call sends. */
  delivery: readonly FaultName[];
}

export interface VerifyResource {
  /** Matched against the path; its groups are the handler's ids. */
  pattern: RegExp;
  /** Its name in the journal. */
  name: string;
  methods: Partial<Record<string, (call: VerifyCall, ...ids: string[]) => HttpAnswer>>;
}
