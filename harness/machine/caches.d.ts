export declare function places(env?: NodeJS.ProcessEnv): string[];
export declare function demandOwn(folder: string): string;
export declare function keepCompiled(env?: NodeJS.ProcessEnv): void;
export declare function sharesCompiled(): { NODE_COMPILE_CACHE?: string };
