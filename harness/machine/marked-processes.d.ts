export declare const MARK: string;
export declare function marked(mark: string): number[];
export declare function endMarked(mark: string, signal?: NodeJS.Signals): number;
export declare function listeningPorts(mark: string): number[];
