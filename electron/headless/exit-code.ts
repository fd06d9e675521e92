/** What the command line answers to scripts. */
export const EXIT = { done: 0, failed: 1, usage: 2, cancelled: 3, blocked: 4, waiting: 5 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
