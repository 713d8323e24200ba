/** The one source of the present, in epoch milliseconds. Passed in everywhere; nothing else reads the time. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();

export const seconds = (n: number) => n * 1000;
export const minutes = (n: number) => n * 60_000;
export const hours = (n: number) => n * 3_600_000;
export const days = (n: number) => n * 86_400_000;
