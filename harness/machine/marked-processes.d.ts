export const MARK: string;
export function marked(mark: string): number[];
export function endMarked(mark: string, signal?: NodeJS.Signals): number;
export function listeningPorts(mark: string): number[];
