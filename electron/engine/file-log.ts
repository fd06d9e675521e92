import { mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { pino } from 'pino'
import type { EngineLog } from './engine.ts'

export interface FileLog {
  readonly log: EngineLog
  close(): void
}

const MAX_BYTES = 5 * 1024 * 1024

/**
 * The log of a window host, one JSON object a line. At opening a file above 5 MB becomes `<file>.1`, in place of the one before.
 * @param also told of warnings and errors besides, in plain words
 */
export function openFileLog(file: string, also: (text: string) => void): FileLog {
  mkdirSync(dirname(file), { recursive: true })
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MAX_BYTES) renameSync(file, `${file}.1`)
  // Synchronous, so that the last lines before a crash are there.
  const destination = pino.destination({ dest: file, sync: true })
  const logger = pino({ level: 'debug', base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, destination)
  return {
    log(level, text, facts = {}) {
      logger[level](facts, text)
      if (level === 'warn' || level === 'error') also(`${level}: ${text}`)
    },
    close: () => destination.end(),
  }
}
