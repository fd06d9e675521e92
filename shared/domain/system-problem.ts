/** A problem as problem.ts has it, which imports this file. */
export interface SystemProblem {
  code: 'DISK_FULL' | 'NOT_WRITABLE'
  message: string
  details: Record<string, unknown>
  retryable: boolean
  hint: string
}

/** What the operating system or SQLite says, as a problem that tells people what to do. By the error's `code`, as Node gives it. */
const SYSTEM_PROBLEMS: readonly { codes: readonly string[]; problem: SystemProblem['code']; text: string; hint: string }[] = [
  { codes: ['ENOSPC', 'EDQUOT', 'SQLITE_FULL'], problem: 'DISK_FULL', text: 'The disk is full', hint: 'Free some space on the disk, then go on where it stopped' },
  { codes: ['EROFS', 'SQLITE_READONLY'], problem: 'NOT_WRITABLE', text: 'The disk is read-only and may not be written', hint: 'Make the folder writable, then go on where it stopped' },
  { codes: ['EACCES', 'EPERM'], problem: 'NOT_WRITABLE', text: 'The system does not allow it', hint: 'Look at who may read and write the file or folder' },
]

/** Null for an error that does not come from the system, or says enough by itself. */
export function systemProblem(error: unknown): SystemProblem | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  const known = SYSTEM_PROBLEMS.find(({ codes }) => codes.includes(String(error.code)))
  if (known === undefined) return null
  const path = 'path' in error && typeof error.path === 'string' ? error.path : null
  return {
    code: known.problem,
    message: path === null ? known.text : `${path}: ${known.text.charAt(0).toLowerCase()}${known.text.slice(1)}`,
    details: { cause: error.message, ...(path === null ? {} : { path }) },
    retryable: true,
    hint: known.hint,
  }
}
