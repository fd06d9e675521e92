import type { LogLine } from '../../../shared/contract/runs.contract.ts'

/** Least level that is shown, in a word. */
export const LEVEL_WORDS: Readonly<Record<LogLine['level'], string>> = { debug: 'All', info: 'Info', warn: 'Warnings', error: 'Errors' }
