/** Procedures that an app answers by their name: tRPC (trpc.io, HTTP RPC Specification), and those that are posted. */

/** One member of what a procedure takes; without a name where it takes a single value. */
export interface ProcedureInput {
  name: string;
  type: 'text' | 'email' | 'number' | 'flag' | 'choice' | 'list' | 'any' | 'other';
  /** What a choice may be. */
  values?: string[];
  isOptional?: true;
}

/** How a procedure is called that takes nothing but posts. */
export interface Posted {
  style: 'orpc' | 'json-rpc' | 'graphql';
  endpoint: string;
  /** The document of GraphQL that calls it. */
  text?: string;
  /** What it takes stands in one input of this name. */
  within?: string;
}

export interface Procedure {
  /** With those of the routers that it stands in: `project.rename`. */
  name: string;
  /** A query is asked for by GET and reads, a mutation is posted and writes. */
  kind: 'query' | 'mutation';
  /** File in which it was read. */
  source: string;
  /** It begins with something that is not called public. */
  isGuarded?: true;
  /** It begins with something called after members, and refuses none of them in its own function. */
  answersMembers?: true;
  /** None where it takes nothing. */
  inputs?: ProcedureInput[];
  /** What it takes could not be read. */
  isUnread?: true;
  /** It is called by POST, also where it reads. */
  posted?: Posted;
}

export interface ProcedureCalls {
  /** Where they are called: `/api/trpc`. */
  endpoint: string;
  /** What is sent stands in `json`, as superjson writes it. */
  isWrapped?: true;
  procedures: Procedure[];
}
