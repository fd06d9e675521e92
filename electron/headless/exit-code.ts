/** What the command line answers to scripts. */
export const EXIT = { done: 0, failed: 1, usage: 2, cancelled: 3, blocked: 4 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
